"""Prefixes, branches, scores and sentences: what the worker does with a loaded model.

Sequence 0 holds the current prefix (`nbalign.llm.prefix`). A branch shares its cells, adds a short suffix, and is
thrown away after its answer was read. A text that is composed (`nbalign.llm.composing`) and a prefix never see each
other: each starts with an empty cache.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from nbalign.errors import ModelError
from nbalign.llm.binding import MAX_SEQUENCES, Binding, build
from nbalign.llm.composing import Composer, OnText
from nbalign.llm.model import Answer, EngineInfo, EngineSettings, Sampling, Segment, Usage
from nbalign.llm.parking import Parking
from nbalign.llm.prefix import SEQUENCE, OnTokens, Prefix, must_fit
from nbalign.llm.sampling import shares_of
from nbalign.llm.writing import Writing


class Engine:
    """A loaded model that remembers the prefix it has read.

    Args:
        path: GGUF file.
        model_sha256: Its hash; part of what a parked prefix is filed under.
        settings: How to load it.
        should_stop: Asked often; True aborts the evaluation under way.
        park_folder: Where prefixes are parked.
        park_bound: Most bytes parked there; 0 parks nothing.
        vocabulary_only: Load no weights: such an engine counts tokens and does nothing else.
    """

    def __init__(
        self,
        path: Path,
        model_sha256: str,
        settings: EngineSettings,
        should_stop: Callable[[], bool],
        park_folder: Path,
        park_bound: int,
        *,
        vocabulary_only: bool = False,
    ) -> None:
        self._binding = Binding(path, settings, should_stop, vocabulary_only=vocabulary_only)
        gpu = self._binding.gpu_layers > 0
        made = {
            "build": build(),
            "device": "gpu" if gpu else "cpu",
            "threads": str(settings.threads),
            "context": str(self._binding.context),
            "batch": str(settings.batch),
            "gpu_layers": str(self._binding.gpu_layers),
            "flash_attention": str(settings.flash_attention),
        }
        self.info = EngineInfo(
            description=self._binding.description,
            context=self._binding.context,
            context_trained=self._binding.context_trained,
            frame=self._binding.frame(),
            build=made["build"],
            device=made["device"],
            gpu_layers=self._binding.gpu_layers,
            settings=made,
        )
        identity = "\n".join([model_sha256, *(f"{k}={v}" for k, v in made.items())])
        self._prefix = Prefix(self._binding, Parking(park_folder, identity, park_bound))
        self._composer = Composer(self._binding)

    def tokens(self, segments: Sequence[Segment], *, first: bool) -> list[int]:
        """Tokens of segments in order; `first` where the prompt begins with them."""
        found: list[int] = []
        for i, segment in enumerate(segments):
            found += self._binding.tokenize(segment.text, special=segment.trusted, first=first and i == 0)
        return found

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text read as plain characters."""
        return [len(tokens) for tokens in self.tokenize(texts)]

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Tokens of each text read as plain characters."""
        return [self._binding.tokenize(text, special=False) for text in texts]

    def read_prefix(self, segments: Sequence[Segment], on_tokens: OnTokens) -> Usage:
        """Makes these segments the current prefix, from memory, from disk or by evaluation, in this order.

        Raises:
            ModelError: If they do not fit the context.
            Aborted: If the caller asked to stop; what was evaluated so far is kept.
        """
        self._composer.drop()
        return self._prefix.read(self.tokens(segments, first=True), on_tokens)

    def compose(
        self,
        stem: Sequence[Segment],
        segments: Sequence[Segment],
        how: Sampling,
        on_text: OnText,
        *,
        anew: bool = False,
    ) -> tuple[str, Usage]:
        """Writes one text behind a prompt, and keeps both for the call that continues it; see `Composer.compose`."""
        self._prefix.drop()
        first = self.tokens(stem, first=True)
        return self._composer.compose(first, self.tokens(segments, first=not stem), how, on_text, anew=anew)

    def answer(self, suffix: Sequence[Segment], lead: str, answers: Sequence[str]) -> Answer:
        """Reads the distribution over `answers` after prefix, suffix and lead.

        Args:
            suffix: The branch's own words.
            lead: The beginning of the model's turn, such as `Score:`.
            answers: Texts that are one token each, such as digits.

        Raises:
            ModelError: If it does not fit, or an answer is not a single token of this model.
        """
        return self.answer_all((), (suffix,), lead, answers)[0][0]

    def answer_all(
        self, stem: Sequence[Segment], twigs: Sequence[Sequence[Segment]], lead: str, answers: Sequence[str]
    ) -> tuple[list[Answer], Usage]:
        """Reads the distribution over `answers` after prefix, stem and each twig; the stem is evaluated once.

        Each twig is evaluated by itself, so that an answer does not depend on what else is asked.

        Args:
            stem: What the twigs have in common; may be empty.
            twigs: The words of each question of its own, at least one.
            lead: As for `answer`.
            answers: As for `answer`.

        Returns:
            An answer a twig, whose usage is the twig's alone, and the usage of the stem.
        """
        began = time.monotonic()
        self._composer.drop()
        tail, ids = self._answer_tokens(lead, answers)
        common = self.tokens(stem, first=False)
        ends = [self.tokens(twig, first=False) + tail for twig in twigs]
        must_fit(len(self._prefix.held) + len(common) + max(len(end) for end in ends), self.info.context)
        found = []
        try:
            if common:
                self._read_branch(common, 1)
            start = len(self._prefix.held) + len(common)
            of_stem = Usage(len(common), len(self._prefix.held), 0, time.monotonic() - began)
            for end in ends:
                began = time.monotonic()
                self._binding.branch(1 if common else SEQUENCE, 2)
                for at in range(0, len(end), self._binding.batch):
                    self._binding.decode(end[at : at + self._binding.batch], start + at, 2)
                shares, mass = shares_of(self._binding.logits(), ids)
                usage = Usage(len(end), start, 0, time.monotonic() - began)
                found.append(Answer(dict(zip(answers, shares, strict=True)), mass, usage))
        finally:
            self._binding.forget(1)
            self._binding.forget(2)
        return found, of_stem

    def _answer_tokens(self, lead: str, answers: Sequence[str]) -> tuple[list[int], list[int]]:
        """Tokens of the lead and of each answer, so that lead + answer is how the model itself would write it.

        Tokenizers differ in whether the space before a digit is a token of its own or part of the digit's.
        """
        for text, glue in ((lead + " ", ""), (lead, " ")):
            base = self._binding.tokenize(text, special=False)
            ids = []
            for answer in answers:
                whole = self._binding.tokenize(text + glue + answer, special=False)
                if whole[:-1] != base:
                    break
                ids.append(whole[-1])
            else:
                if len(set(ids)) == len(answers):
                    return base, ids
        raise ModelError(
            f"this model's tokenizer has no single tokens for the answers {', '.join(answers)}",
            "Choose another model with `--model`.",
        )

    def _read_branch(self, tokens: Sequence[int], sequence: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        must_fit(len(self._prefix.held) + len(tokens), self.info.context)
        self._binding.branch(SEQUENCE, sequence)
        position = len(self._prefix.held)
        for start in range(0, len(tokens), self._binding.batch):
            self._binding.decode(tokens[start : start + self._binding.batch], position + start, sequence)
        return self._binding.logits()

    def write(
        self, suffixes: Mapping[str, Sequence[Segment]], most: int, stops: Sequence[str], on_tokens: OnTokens
    ) -> tuple[dict[str, str], Usage]:
        """Continues every suffix greedily, all of them together, one batch a token.

        Writing is bound by memory bandwidth, so nine sequences side by side cost little more than one.

        Args:
            suffixes: Name -> the branch's own words, the beginning of the model's turn included; at most 23.
            most: Most tokens written for each.
            stops: Texts that end a continuation; they are not part of it. White space at its beginning is none of it,
                so a line end there does not end it.
            on_tokens: Told after each step.

        Returns:
            Name -> text, and the tokens and seconds of all together.
        """
        began = time.monotonic()
        self._composer.drop()
        if len(suffixes) >= MAX_SEQUENCES:
            raise ModelError(f"{len(suffixes)} texts at once are more than {MAX_SEQUENCES - 1}")
        prompts = {name: self.tokens(segments, first=False) for name, segments in suffixes.items()}
        must_fit(len(self._prefix.held) + sum(len(tokens) + most for tokens in prompts.values()), self.info.context)
        running: dict[str, Writing] = {}
        piece, ends = self._binding.piece, self._binding.ends
        evaluated = 0
        generated = 0
        try:
            for sequence, (name, tokens) in enumerate(prompts.items(), start=1):
                logits = self._read_branch(tokens, sequence)
                evaluated += len(tokens)
                running[name] = Writing(sequence, len(self._prefix.held) + len(tokens), int(logits.argmax()), stops)
            for n in range(most):
                on_tokens(n, most)
                active = [w for w in running.values() if w.take(piece(w.next), ends(w.next))]
                if not active:
                    break
                self._binding.step([(w.next, w.position, w.sequence) for w in active])
                generated += len(active)
                for row, writing in enumerate(active):
                    writing.advance(int(self._binding.logits(row).argmax()))
        finally:
            for sequence in range(1, len(prompts) + 1):
                self._binding.forget(sequence)
        texts = {name: writing.result() for name, writing in running.items()}
        return texts, Usage(evaluated, len(self._prefix.held) * len(prompts), generated, time.monotonic() - began)
