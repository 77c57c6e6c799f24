"""The prefix that branches share: sequence 0 of the cache, read from memory, from disk or by evaluation."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nbalign.errors import ModelError
from nbalign.llm.model import Usage
from nbalign.llm.parking import Parking

if TYPE_CHECKING:  # importing it loads llama.cpp, which is the worker's alone
    from nbalign.llm.binding import Binding

SEQUENCE = 0
OnTokens = Callable[[int, int], None]  # tokens done, tokens in all


class Prefix:
    """What sequence 0 holds.

    Moving on to another prefix keeps the whole batches that the two have in common. Whole ones only: where a text is
    cut into batches moves a probability by up to some hundredths, and a score must not depend on what happened to be
    read before.

    Args:
        binding: The loaded model.
        parking: Where prefixes are parked.

    Attributes:
        held: Tokens of the current prefix.
    """

    def __init__(self, binding: Binding, parking: Parking) -> None:
        self._binding = binding
        self._parking = parking
        self.held: list[int] = []

    def read(self, wanted: list[int], on_tokens: OnTokens) -> Usage:
        """Makes these tokens the current prefix, from memory, from disk or by evaluation, in this order.

        Raises:
            ModelError: If they do not fit the context.
            Aborted: If the caller asked to stop; what was evaluated so far is kept.
        """
        began = time.monotonic()
        must_fit(len(wanted), self._binding.context)
        shared = common(self.held, wanted)
        if shared < len(wanted):
            parked = self._parking.find(wanted)
            if parked and self._restore(parked, wanted):
                shared = len(wanted)
            else:
                shared = min(shared, len(self.held))
                shared -= shared % self._binding.batch
                self._evaluate(wanted, shared, on_tokens)
                self._park(wanted)
        elif len(self.held) > len(wanted):
            self._binding.forget(SEQUENCE, len(wanted))
            self.held = wanted
        on_tokens(len(wanted), len(wanted))
        return Usage(len(wanted) - shared, shared, 0, time.monotonic() - began)

    def drop(self) -> None:
        """Forgets it; where there is none, the sequence may be somebody else's and stays."""
        if self.held:
            self._binding.forget(SEQUENCE)
        self.held = []

    def _restore(self, parked: Path, wanted: list[int]) -> bool:
        self.held = []
        if self._binding.restore(parked, SEQUENCE, wanted):
            self.held = wanted
            return True
        self._parking.drop(parked)
        return False

    def _evaluate(self, wanted: list[int], shared: int, on_tokens: OnTokens) -> None:
        self._binding.forget(SEQUENCE, shared)
        self.held = wanted[:shared]
        for start in range(shared, len(wanted), self._binding.batch):
            on_tokens(start, len(wanted))
            chunk = wanted[start : start + self._binding.batch]
            self._binding.decode(chunk, start, SEQUENCE)
            self.held = wanted[: start + len(chunk)]

    def _park(self, wanted: list[int]) -> None:
        size = self._binding.size(SEQUENCE) + 4 * len(wanted) + 1024
        self._parking.park(wanted, size, lambda path: self._binding.save(path, SEQUENCE, wanted))


def must_fit(tokens: int, context: int) -> None:
    """Refuses what is longer than the context.

    Raises:
        ModelError: If it is.
    """
    if tokens > context:
        raise ModelError(
            f"the prompt has {tokens} tokens, the context {context}",
            "Lower `--budget`, or raise `--context` if the model was trained for more.",
        )


def common(a: Sequence[int], b: Sequence[int]) -> int:
    """How many tokens two texts share from the start."""
    n = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        n += 1
    return n
