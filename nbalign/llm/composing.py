"""One text written token by token, which the next call may continue: what writes notebooks.

The cache keeps everything, the written tokens included, so that a prompt that continues this conversation costs only
what is new in it. Judges never see any of it: whoever reads a prefix drops what is held here first, and the other way
round, although both live on sequence 0.
"""

from __future__ import annotations

import codecs
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nbalign.errors import ModelError
from nbalign.llm.model import Sampling, Usage
from nbalign.llm.prefix import SEQUENCE, common
from nbalign.llm.sampling import Sampler

if TYPE_CHECKING:  # importing it loads llama.cpp, which is the worker's alone
    from nbalign.llm.binding import Binding

OnText = Callable[[int, int, str], None]  # tokens written, most tokens, the text that came with the latest


class Composer:
    """What one conversation holds.

    Args:
        binding: The loaded model.
    """

    def __init__(self, binding: Binding) -> None:
        self._binding = binding
        self._held: list[int] = []
        self._stem = 0  # tokens at the beginning that were evaluated in batches of their own

    def drop(self) -> None:
        """Forgets everything held."""
        if self._held:
            self._binding.forget(SEQUENCE)
        self._held = []
        self._stem = 0

    def compose(
        self, stem: list[int], rest: list[int], how: Sampling, on_text: OnText, *, anew: bool
    ) -> tuple[str, Usage]:
        """Writes one text.

        Args:
            stem: Tokens of the prompt's beginning; always evaluated in batches of their own, so that what is written
                does not depend on what stands behind them. May be empty.
            rest: Tokens of the rest of the prompt.
            how: How tokens are drawn, and what ends the text.
            on_text: Told after each token.
            anew: Keep nothing but the stem of what was held: the text then depends on its arguments alone.

        Returns:
            The text up to the first stop, white space kept, and what it took. `generated` counts the tokens drawn
            and taken, a stop's own included; the mark that ends the model's turn is none.

        Raises:
            ModelError: If prompt and text do not fit the context together.
            Aborted: If the caller asked to stop.
        """
        began = time.monotonic()
        prompt = stem + rest
        if len(prompt) + how.most > self._binding.context:
            raise ModelError(
                f"the prompt has {len(prompt)} tokens and {how.most} are to be written; "
                f"the context holds {self._binding.context}",
                "Raise `--context` if the model was trained for more, or ask for less.",
            )
        kept = self._keep(stem, prompt, anew=anew)
        if kept < len(stem):
            self._read(prompt, kept, len(stem))
            self._stem = len(stem)
            self._read(prompt, len(stem), len(prompt))
        else:
            self._read(prompt, kept, len(prompt))
        text, written = self._write(how, on_text)
        return text, Usage(len(prompt) - kept, kept, written, time.monotonic() - began)

    def _keep(self, stem: list[int], prompt: list[int], *, anew: bool) -> int:
        """Cuts what is held to what is of use, and says how much that is."""
        kept = min(common(self._held, prompt), len(prompt) - 1)  # the last one is evaluated again for its logits
        if kept < len(stem):
            # Within the stem only whole batches count: elsewhere it would not be cut as it always is.
            kept = min(kept, self._stem)
            kept -= kept % self._binding.batch
        elif anew:
            kept = len(stem) if self._stem == len(stem) else 0
        if kept < len(self._held):
            self._binding.forget(SEQUENCE, kept)
        self._held = self._held[:kept]
        self._stem = min(self._stem, kept)
        return kept

    def _read(self, prompt: list[int], start: int, end: int) -> None:
        for at in range(start, end, self._binding.batch):
            chunk = prompt[at : min(at + self._binding.batch, end)]
            self._binding.decode(chunk, at, SEQUENCE)
            self._held = prompt[: at + len(chunk)]

    def _write(self, how: Sampling, on_text: OnText) -> tuple[str, int]:
        sampler = Sampler(how.temperature, how.seed)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a character may come in several tokens
        written: list[int] = []
        text = ""
        while len(written) < how.most:
            token = sampler.choose(self._binding.logits(), written)
            if self._binding.ends(token):
                break
            written.append(token)
            piece = decoder.decode(self._binding.piece(token))
            text += piece
            at = _stopped(text, how.stops)
            on_text(len(written), how.most, piece)
            if at is not None:
                return text[:at], len(written)
            if len(written) < how.most:
                self._binding.decode([token], len(self._held), SEQUENCE)
                self._held = [*self._held, token]
        return text, len(written)


def _stopped(text: str, stops: Sequence[str]) -> int | None:
    """Where the first stop begins; white space at the beginning of the text is looked over, as in `Writing`."""
    blank = len(text) - len(text.lstrip())
    found = [at for stop in stops if (at := text.find(stop, blank)) >= 0]
    return min(found) if found else None
