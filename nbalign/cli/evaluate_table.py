"""An experiment on the terminal: errors of all arms by dimension, yardsticks, gains, what it cost and what to do next.

Every function returns text, made for a given width, so that the same words can be printed, tested and kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from nbalign.cli.evaluate_layout import Column, blocks, letters, printed, table, wrapped
from nbalign.cli.evaluate_words import (
    BEST,
    BETTER,
    GAINS,
    PARTIAL,
    WORSE,
    YARDSTICKS,
    cost,
    key,
    legend,
    next_steps,
    notes,
)
from nbalign.cli.figures import number, percent, signed

if TYPE_CHECKING:
    from nbalign.evaluate.experiment.model import ArmRow, ExperimentResult, Interval

_NARROWEST = 60


def text(result: ExperimentResult, width: int | None = None) -> str:
    """Everything the terminal shows of an experiment.

    Args:
        result: Of any size; without anything to compare it says so.
        width: Terminal columns; None takes those of this terminal. Below 60 lines run over.

    Returns:
        Lines of plain text with no escape sequence in them, whatever stands in names and notes.
    """
    from nbalign.evaluate.report.verdict import verdict

    width = max(_NARROWEST, width or get_terminal_size().columns)
    words = verdict(result)
    shown = any(row.n for row in result.rows)
    gains = gains_table(result)
    parts = [
        wrapped(words.compared[0], width),
        errors_table(result, width) if shown else "",
        wrapped(legend(result), width) if shown else "",
        yardsticks_table(result) if shown else "",
        wrapped(f"{YARDSTICKS}{PARTIAL if _partial(result) else ''}", width) if shown else "",
        gains,
        wrapped(GAINS, width) if gains else "",
        "\n".join(wrapped(sentence, width) for sentence in (words.headline, *words.details)),
        notes(result, width),
        wrapped(cost(result), width, "  "),
        "\n".join(wrapped(f"next: {step}", width, "  ") for step in next_steps(result)),
    ]
    return "\n\n".join(part for part in parts if part)


def errors_table(result: ExperimentResult, width: int) -> str:
    """Mean absolute errors, a row a dimension and a column an arm, under each other where the width asks for it.

    The constant predictor and the raters' own distance end each table. Arms have letters for names where their names
    would need more tables; where there is room left the best arm and the base show their intervals.
    """
    from nbalign.evaluate.report.choose import floor, roles, row
    from nbalign.evaluate.report.words import line

    parts = roles(result)
    arms = [arm for arm in result.arms if arm != parts.constant]
    ids = _ids(result)
    left = [
        Column("dimension", [line(d, 24) or "mean" for d in ids]),
        Column("n", [str(_ordinal_truths(result, d)) for d in ids]),
    ]
    floors = [found.mae if (found := floor(result, d)) else None for d in ids]
    right = [Column("raters", [number(mae.value if mae else None) for mae in floors])]
    if parts.constant is not None:
        right.insert(0, Column("const", _errors(result, parts.constant, None)))
    cells = {arm: _errors(result, arm, parts.base) for arm in arms}
    room = width + 2 - sum(column.width for column in (*left, *right))
    named = blocks([Column(line(arm, 20), cells[arm]) for arm in arms], room)
    lettered = blocks([Column(letter, cells[arm]) for letter, arm in zip(letters(len(arms)), arms, strict=True)], room)
    chosen = lettered if len(lettered) < len(named) else named
    if len(chosen) == 1:
        for arm in dict.fromkeys(arm for arm in (parts.best, parts.base) if arm in arms):
            rows = [row(result, arm, d) for d in ids]
            spans = Column("95% interval", [_span(each.mae if each is not None else None) for each in rows])
            if sum(column.width for column in chosen[0]) + spans.width <= room:
                place = next(n for n, column in enumerate(chosen[0]) if column.cells is cells[arm])
                chosen[0].insert(place + 1, spans)
    tables = [table([*left, *block, *right]) for block in chosen]
    return "\n\n".join([key(arms, width), *tables] if chosen is lettered else tables)


def yardsticks_table(result: ExperimentResult) -> str:
    """One line an arm over all dimensions: pairs, error with its interval, bias, exact agreement, kappa, N/A."""
    from nbalign.evaluate.report.choose import row
    from nbalign.evaluate.report.words import line

    rows, partial = [], _partial(result)
    for arm in result.arms:
        found = row(result, arm)
        if found is None:
            continue
        error = number(found.mae.value if found.mae else None)
        rows.append(
            [
                line(arm, 20),
                str(found.ordinal),
                f"({error})" if arm in partial else error,
                _span(found.mae),
                signed(found.bias),
                percent(found.exact),
                number(found.kappa),
                _na([each for each in result.rows if each.arm == arm]),
            ]
        )
    header = ["arm", "pairs", "MAE", "95% interval", "bias", "exact", "QWK", "N/A"]
    return printed(header, rows, range(1, len(header)))


def gains_table(result: ExperimentResult) -> str:
    """One line a pair of arms: the gain over all dimensions, and in how many it is significant; empty without any."""
    from nbalign.evaluate.experiment.model import MACRO
    from nbalign.evaluate.report.words import line, p_value

    rows = []
    for found in result.differences:
        if found.dimension != MACRO:
            continue
        certain = [
            d.gain.value
            for d in result.differences
            if (d.arm, d.against) == (found.arm, found.against) and d.dimension != MACRO and d.significant
        ]
        rows.append(
            [
                line(found.arm, 15),
                line(found.against, 15),
                signed(found.gain.value),
                _span(found.gain, sign=True),
                p_value(found.p),
                str(sum(gain > 0 for gain in certain)),
                str(sum(gain < 0 for gain in certain)),
            ]
        )
    header = ["arm", "against", "gain", "95% interval", "p", "better", "worse"]
    return printed(header, rows, range(2, len(header))) if rows else ""


def _errors(result: ExperimentResult, arm: str, base: str | None) -> list[str]:
    """Cells of one arm: the best error marked before, a certain gain or loss against the base after the figure."""
    from nbalign.evaluate.report.choose import difference, error

    cells = []
    partial = _partial(result)
    for dimension in _ids(result):
        rivals = [other for other in result.arms if dimension or other not in partial]
        value = error(result, arm, dimension)
        known = [e for other in rivals if (e := error(result, other, dimension)) is not None]
        best = value is not None and arm in rivals and number(value) == number(min(known))  # of equal looks, all
        shown = number(value) if dimension or arm not in partial else f"({number(value)})"
        found = difference(result, arm, base, dimension) if base not in (None, arm) else None
        mark = " " if found is None or not found.significant else BETTER if found.gain.value > 0 else WORSE
        cells.append(f"{BEST if best else ''}{shown}{mark}")
    return cells


def _partial(result: ExperimentResult) -> set[str]:
    """Arms whose mean is over fewer dimensions than that of others, so that the two cannot be compared."""
    known = Counter(row.arm for row in result.rows if row.dimension and row.mae is not None)
    most = max(known.values(), default=0)
    return {arm for arm in result.arms if 0 < known[arm] < most}


def _na(rows: Sequence[ArmRow]) -> str:
    known = [row.na for row in rows if row.na is not None]
    return f"{sum(n.both for n in known)}/{sum(n.only_a for n in known)}/{sum(n.only_b for n in known)}"


def _span(interval: Interval | None, sign: bool = False) -> str:
    from nbalign.evaluate.report.words import NONE, span

    return span(interval, sign) or NONE


def _ids(result: ExperimentResult) -> list[str]:
    from nbalign.evaluate.experiment.model import MACRO

    return [*(dimension for dimension, _ in result.dimensions), MACRO]


def _ordinal_truths(result: ExperimentResult, dimension: str) -> int:
    """Scores on the levels that the fullest arm was compared with; summed over dimensions for the mean."""

    def truths(row: ArmRow) -> int:
        return 0 if row.na is None else row.na.neither + row.na.only_a

    wanted = [dimension] if dimension else [d for d, _ in result.dimensions]
    return sum(max((truths(row) for row in result.rows if row.dimension == d), default=0) for d in wanted)
