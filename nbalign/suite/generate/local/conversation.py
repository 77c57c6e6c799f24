"""What the model has been told and has written for one notebook, within its bounds on tokens and context."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol

from nbalign.llm.model import EngineInfo, Sampling, Segment, Usage
from nbalign.suite.generate.local.options import LocalOptions

_WARMER = 0.2  # added to the temperature for each attempt to mend a cell: the likeliest code has just failed
_LEAST = 32  # tokens: with less left than that no cell is begun

OnText = Callable[[int, str], None]  # tokens written for this notebook, what is being written


class Composing(Protocol):
    """What of the engine a writer needs."""

    @property
    def info(self) -> EngineInfo:
        """What the model is."""
        ...

    def length(self, segments: Sequence[Segment], *, first: bool = True) -> int:
        """Tokens of segments put together."""
        ...

    def compose(
        self,
        segments: Sequence[Segment],
        how: Sampling,
        on_text: Callable[[int, int, str], None] | None = None,
        *,
        stem: Sequence[Segment] = (),
        anew: bool = False,
    ) -> tuple[str, Usage]:
        """Writes one text behind a prompt."""
        ...


class Spent(Exception):
    """No room for another text: the tokens or the context are spent. Its text is a plain sentence."""


class Conversation:
    """One notebook's words, from the model's first on.

    Args:
        engine: The loaded model.
        options: Temperature and bounds.
        stem: All that stands before its first word.
        seed: Of all draws.
        say: Told what is being written, token by token; may raise `Cancelled`.

    Attributes:
        told: What stands behind the stem; the writer may replace what the model wrote by what it took of it.
        stem_tokens: Tokens of the stem.
        evaluated: Prompt tokens put through the model.
        generated: Tokens written.
    """

    def __init__(
        self, engine: Composing, options: LocalOptions, stem: Sequence[Segment], seed: int, say: OnText
    ) -> None:
        self._engine = engine
        self._options = options
        self._stem = stem
        self._seed = seed
        self._say = say
        self._calls = 0
        self.told: list[Segment] = []
        self.stem_tokens = engine.length(stem)
        self.context = engine.info.context
        self.evaluated = 0
        self.generated = 0

    def go_on(
        self, lead: Sequence[Segment], most: int, stops: tuple[str, ...], stage: str, warmer: int = 0
    ) -> tuple[str, bool]:
        """Has the model go on after a lead.

        Args:
            lead: Told first.
            most: Most tokens.
            stops: What ends the text.
            stage: What is being written, for people.
            warmer: How many attempts of this text failed.

        Returns:
            What it wrote, which is now the last of `told`, and whether the bound on tokens ended it.

        Raises:
            Spent: If there is no room for it; nothing is told then.
            Cancelled, ModelError: As the engine does.
        """
        told = [*self.told, *lead]
        left = self._options.tokens - self.generated
        room = self.context - self.stem_tokens - self._engine.length(told, first=False)
        if min(left, room) < min(_LEAST, most):
            what = "tokens for this notebook were" if left <= room else "context was"
            raise Spent(f"The {what} spent before {stage}.")
        most = min(most, left, room)
        before = self.generated

        def on_text(written: int, _most: int, _piece: str) -> None:
            self._say(before + written, stage)

        self._say(before, stage)
        draws = hashlib.sha256(f"{self._seed} {self._calls}".encode()).digest()
        how = Sampling(most, stops, self._options.temperature + _WARMER * warmer, int.from_bytes(draws[:6]))
        text, usage = self._engine.compose(told, how, on_text, stem=self._stem, anew=self._calls == 0)
        self._calls += 1
        self.evaluated += usage.evaluated
        self.generated += usage.generated
        self.told = [*told, Segment(text)]
        return text, usage.generated >= most
