"""A rubric of any shape, and an engine that answers by rule: what a judge does around the model needs no model."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

from nbalign.errors import Cancelled, ModelError
from nbalign.llm.model import Answer, ChatFrame, EngineInfo, Segment, Usage
from nbalign.notebooks import read
from nbalign.notebooks.model import Notebook
from nbalign.rubrics.model import Dimension, Rubric, Scale
from nbalign.store.notebooks import NotebookStore
from tests.notebooks.build import code, markdown, notebook, stream

FRAME = ChatFrame("<|im_start|>system\n", "<|im_end|>\n<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n")


def scale_of(levels: Sequence[int], not_applicable: int | None = None) -> Scale:
    meanings = {level: f"Level {level}." for level in levels}
    if not_applicable is not None:
        meanings[not_applicable] = "Does not apply."
    return Scale(meanings, not_applicable)


def rubric_of(count: int = 3, scale: Scale | None = None, sha256: str = "r" * 64) -> Rubric:
    scale = scale or scale_of([1, 2, 3], 0)
    dimensions = tuple(
        Dimension(
            f"dimension_{n}",
            f"Aspect{n}",
            f"Is aspect{n} good?",
            {v: f"meaning {v} of aspect{n}" for v in scale.values},
        )
        for n in range(count)
    )
    return Rubric("test-rubric", 1, "Test", scale, dimensions, sha256, "")


def make_notebook(n: int = 0, *, sidecar: str | None = "Predict the price.") -> Notebook:
    raw = notebook(markdown(f"# Number {n}"), code("x = 1\nprint(x)", stream("1\n")))
    return read(raw, f"book-{n}.ipynb", sidecar=sidecar)


def add_notebook(store: NotebookStore, n: int = 0, *, sidecar: str | None = None) -> Notebook:
    raw = notebook(markdown(f"# Number {n}"), code("x = 1\nprint(x)", stream("1\n")))
    found = read(raw, f"book-{n}.ipynb", sidecar=sidecar)
    store.add(raw, found, sidecar)
    return found


class RuleEngine:
    """Counts a token a word and always answers the same; can be told to fail or stop at the n-th answer."""

    def __init__(self, context: int = 4096) -> None:
        self.info = EngineInfo("rule", context, context, FRAME, "build", "cpu", 0, {"build": "build", "threads": "1"})
        self.answers = 0
        self.held = 0
        self.prefixes: list[Sequence[Segment]] = []
        self.fail_at = -1
        self.stop_at = -1
        self.on_answer: Callable[[], None] = lambda: None
        self.lock = threading.Lock()

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def length(self, segments: Sequence[Segment], *, first: bool = True) -> int:
        return sum(len(segment.text.split()) for segment in segments)

    def read_prefix(self, segments: Sequence[Segment], on_tokens: Callable[[int, int], None] | None = None) -> Usage:
        self.held = self.length(segments)
        if self.held > self.info.context:
            raise ModelError("does not fit")
        self.prefixes.append(segments)
        if on_tokens:
            on_tokens(self.held, self.held)
        return Usage(self.held, 0, 0, 0.1)

    def answer(self, suffix: Sequence[Segment], lead: str, answers: Sequence[str]) -> Answer:
        if self.answers == self.stop_at:
            raise Cancelled("stopped")
        if self.answers == self.fail_at:
            raise ModelError("the worker died")
        self.answers += 1
        tokens = self.length(suffix) + 2
        if self.held + tokens > self.info.context:
            raise ModelError("does not fit")
        self.on_answer()
        weights = [n + 1 for n in range(len(answers))]
        shares = {a: w / sum(weights) for a, w in zip(answers, weights, strict=True)}
        return Answer(shares, 0.5, Usage(tokens, self.held, 0, 0.01))

    def write(
        self, suffixes: Mapping[str, Sequence[Segment]], most: int, stops: Sequence[str] = (), on_tokens: object = None
    ) -> tuple[dict[str, str], Usage]:
        needed = self.held + sum(self.length(s) + most for s in suffixes.values())
        if needed > self.info.context:
            raise ModelError("does not fit")
        return dict.fromkeys(suffixes, "Because of [2]. And then it brok"), Usage(1, 0, len(suffixes), 0.1)
