"""A fitted calibration: what it says of a view, why, and how it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbalign.align.calibrate.families import BLOCK_OF, READERS, na_probability
from nbalign.align.calibrate.line import Line, start_value
from nbalign.align.calibrate.model import Estimate, FloatArray, View
from nbalign.rubrics.model import Scale

_START_BLOCK = {"judge": "judged", "rule": "facts"}


@dataclass(frozen=True, slots=True)
class Moved:
    """One feature that moved an estimate.

    Attributes:
        block: The block it is of.
        name: What it is, for people: a kind of fact, a count, a word that raters use, a check's id.
        amount: What it adds to the score, in digits of the scale, against an average notebook.
    """

    block: str
    name: str
    amount: float


@dataclass(frozen=True, slots=True)
class Signal:
    """How far a plain sign of N/A (the rule says so, or the judge does) was right in training; for few N/A.

    Attributes:
        fired: In how many examples it said N/A.
        right: In how many of them raters did too.
    """

    fired: int
    right: int

    @property
    def probability(self) -> float:
        """Of N/A where it fires: (right + 1.2) / (fired + 2), so that one false alarm is enough to doubt it."""
        return (self.right + 1.2) / (self.fired + 2)

    @property
    def doubted(self) -> bool:
        """Whether it was wrong twice or more, and so often that it is better not believed."""
        return self.fired - self.right >= 2 and self.probability < 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A calibration of one dimension, fitted on labels.

    Attributes:
        scale: Its scale; meanings of the values are not kept.
        wanted: The blocks that it was fitted with.
        why: Whether it is used and why, one or two plain sentences.
        ordinal: The line that tells the score; None where the judge, or else the constant, does.
        na: The line that tells N/A; None where plain signs do.
        frequencies: How often training examples had each value of the scale.
        signals: `rule` and `judge` -> how far they were right about N/A.
    """

    scale: Scale
    wanted: tuple[str, ...]
    why: str
    ordinal: Line | None
    na: Line | None
    frequencies: Mapping[int, int]
    signals: Mapping[str, Signal]

    @property
    def on(self) -> bool:
        """Whether anything learned is used, because it helps within the training examples."""
        judge = self.signals.get("judge")
        return self.ordinal is not None or self.na is not None or (judge is not None and judge.doubted)

    @property
    def blocks(self) -> Mapping[str, float]:
        """Blocks in use -> how much they move scores (the share of N/A, where N/A alone is fitted).

        A weight is the standard deviation over the training examples of what the block adds, in digits of the scale;
        of a block with several families the root of their squares summed. The heaviest comes first.
        """
        squares: dict[str, float] = {}
        line = self.ordinal or self.na
        for name, moved in line.moves.items() if line is not None else ():
            block = _START_BLOCK.get(name) or BLOCK_OF[name]
            squares[block] = squares.get(block, 0.0) + moved**2
        return dict(sorted(((block, square**0.5) for block, square in squares.items()), key=lambda item: -item[1]))

    def predict(self, view: View) -> Estimate:
        """What the calibration says of a view.

        Where it is not used the judge's own distribution comes out; where no judge was asked the training examples'
        frequencies. N/A is decided by itself and first, then the level with the least expected absolute error.
        """
        if not self.on and view.judged is not None and "judged" in self.wanted:
            return self._estimate(self._judge_levels(view.judged), na_probability(view.judged, self.scale))
        if self.ordinal is not None:
            levels = self.ordinal.spread.read(self.ordinal.number(view, self.scale))
        elif view.judged is not None and "judged" in self.wanted:
            levels = self._judge_levels(view.judged)
        else:
            levels = self._constant_levels()
        return self._estimate(levels, self._na(view))

    def explain(self, view: View, most: int = 5) -> list[Moved]:
        """The few features that moved the score of this view most, the strongest first; empty where it is not fitted.

        Args:
            view: The view.
            most: How many at most.
        """
        line = self.ordinal
        if line is None:
            return []
        found: dict[tuple[str, str], float] = {}

        def add(block: str, name: str, amount: float) -> None:
            found[block, name] = found.get((block, name), 0.0) + amount

        for start, (share, usual) in line.starts.items():
            value = start_value(start, view, self.scale, na=False)
            if start in _START_BLOCK and value is not None:
                name = "points of the rule" if start == "rule" else "the judge's expected score"
                add(_START_BLOCK[start], name, share * (value - usual))
        for family, slopes in line.families.items():
            parts = slopes.parts(np.array(READERS[family](view, slopes.keys, self.scale)))
            if family == "precedents":  # a direction of meaning tells people nothing
                add("precedents", "similar precedents", float(parts.sum()))
                continue
            for name, amount in zip(slopes.shown, parts.tolist(), strict=True):
                add(BLOCK_OF[family], name, amount)
        moved = [Moved(block, name, amount) for (block, name), amount in found.items() if abs(amount) >= 0.005]
        return sorted(moved, key=lambda item: (-abs(item.amount), item.block, item.name))[:most]

    def _na(self, view: View) -> float:
        if self.scale.not_applicable is None:
            return 0.0
        if self.na is not None:
            return float(self.na.spread.read(self.na.number(view, self.scale))[1])
        total = sum(self.frequencies.values())
        told = self.frequencies.get(self.scale.not_applicable, 0)
        usual = (told + 0.25) / (total + 1)
        fires = {
            "rule": view.rule_na,
            "judge": view.judged is not None and na_probability(view.judged, self.scale) >= 0.5,
        }
        heard = [signal.probability for name, signal in self.signals.items() if fires[name]]
        if told == total and total > 0:
            return usual
        return max([min(usual, 0.49), *heard])

    def _judge_levels(self, judged: Mapping[int, float]) -> FloatArray:
        levels = np.array([max(judged.get(level, 0.0), 0.0) for level in self.scale.levels])
        total = float(levels.sum())
        return levels / total if total > 0 else self._constant_levels()

    def _constant_levels(self) -> FloatArray:
        own = np.array([float(self.frequencies.get(level, 0)) for level in self.scale.levels])
        if not own.any():
            own += 1.0
        constant: FloatArray = own / own.sum()
        return constant

    def _estimate(self, levels: FloatArray, na: float) -> Estimate:
        scale = self.scale
        values = {level: float(p) * (1 - na) for level, p in zip(scale.levels, levels, strict=True)}
        if scale.not_applicable is not None:
            values[scale.not_applicable] = na
        return Estimate.of({value: values[value] for value in scale.values}, scale)

    def as_json(self) -> dict[str, Any]:
        """JSON values that `from_json` makes the very same calibration of."""
        from nbalign.align.calibrate.kept import to_json

        return to_json(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Fitted:
        """The calibration that `as_json` wrote.

        Raises:
            StoreError: If the values are none.
        """
        from nbalign.align.calibrate.kept import of_json

        return of_json(values)
