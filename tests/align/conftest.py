"""A study of a few tiny notebooks, and a scripted model: it answers at once, the same every time, and notes all.

Its answers are made from the very words that it is asked, so that any change of a prompt changes what comes out.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from nbalign.align import aligning as aligning_module
from nbalign.align.aligning import AlignReport
from nbalign.errors import ModelError
from nbalign.evaluate.experiment.model import ExperimentResult
from nbalign.evaluate.experiment.options import ARMS, ExperimentOptions
from nbalign.judge import opened as opened_module
from nbalign.judge import session as session_module
from nbalign.judge.batch import JudgeReport
from nbalign.judge.session import JudgeOptions
from nbalign.llm.library import ModelFile
from nbalign.llm.model import Answer, ChatFrame, EngineInfo, EngineSettings, Segment, Usage
from nbalign.workspace import Workspace
from nbalign.workspace.opened import DATABASE
from tests.notebooks.build import code, markdown, notebook, stream

FRAME = ChatFrame("<|im_start|>system\n", "<|im_end|>\n<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n")
MODEL = "scripted"
CONTEXT = 4096
RUBRIC = """id: {id}
version: 1
title: Short
scale:
  1: Bad.
  2: Average.
  3: Good.
{na}dimensions:
  - id: loading
    title: Loading
    question: Is the data loaded well?
    1: Paths are wrong, and nothing is checked.
    2: Data is loaded, and a few columns are checked.
    3: Data is loaded by name, and every column is checked.
{dim_na}  - id: plotting
    title: Plotting
    question: Are the plots readable?
    1: No plot has a label, and axes overlap.
    2: Plots have labels, but colours mislead.
    3: Every plot has a title, and axes have units.
{dim_na}"""
DIMENSIONS = ("loading", "plotting")
WORDS = {
    "loading": (
        "the loader skips validation of copper columns",
        "paths to maple tables stand fixed in every cell",
        "missing granite values were dropped before anyone counted them",
        "an encoding for the willow file is guessed and never tested",
        "dates of the harbour log arrive as plain strings",
        "duplicate cobalt identifiers survive the merge silently",
        "lantern sheets come from a folder that others lack",
        "only a sample of orchard lines gets read at all",
    ),
    "plotting": (
        "legends hide the copper curve behind dense text",
        "axis ranges for maple were cut so growth looks steep",
        "granite histograms use far too few bins",
        "colours of willow and birch cannot be told apart",
        "no unit appears under harbour temperatures",
        "cobalt scatter points overlap until nothing shows",
        "titles of lantern figures repeat a file name",
        "orchard bars start above zero and exaggerate",
    ),
}
# Asked of the model at once.
_REMARK = re.compile(r"^(\d+)\. \([^)]*\) (.*?)(?: \[cells [^\]]*\])?$", re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """One call of the model.

    Attributes:
        op: `prefix`, `answer`, `answer_all` or `write`.
        prefix: The text of the prefix in force.
        text: The text of the call; for several branches all of them.
        segments: Everything that was put to the model in this call.
        answers: How many questions it answered.
    """

    op: str
    prefix: str
    text: str
    segments: tuple[Segment, ...]
    answers: int


class Machine:
    """Where scripted models run.

    Attributes:
        log: Every finished call.
        loaded: How often a model was loaded.
        before: Called with the kind of call before each one; may raise.
        delay: Seconds that each call takes.
    """

    def __init__(self, folder: Path, delay: float = 0.0) -> None:
        self.files = {
            name: ModelFile(name, folder / f"{name}.gguf", digit * 64, 1, None)
            for name, digit in ((MODEL, "a"), ("other", "b"))
        }
        for file in self.files.values():
            file.path.write_bytes(b"no weights here")
        self.log: list[Asked] = []
        self.loaded = 0
        self.before: Callable[[str], None] = lambda _op: None
        self.after: Callable[[Asked], None] = lambda _asked: None
        self.delay = delay

    def choose(self, ref: str | None, *_: object) -> ModelFile:
        if (ref or MODEL) not in self.files:
            raise ModelError(f"there is no model {ref}", "Pull one.")
        return self.files[ref or MODEL]

    @contextmanager
    def client(self, _path: Path, _sha256: str, settings: EngineSettings, *_: object) -> Iterator[ScriptedEngine]:
        self.loaded += 1
        yield ScriptedEngine(self, settings.context)

    def install(self, patch: Callable[[Any, str, Any], None]) -> None:
        """Puts itself in the place of the library and of llama.cpp."""
        for module in (session_module, opened_module):
            patch(module, "choose_model", self.choose)
            patch(module, "EngineClient", self.client)
        patch(aligning_module, "choose_model", self.choose)

    def texts(self, *ops: str) -> list[str]:
        """What was put to the model, prefixes and branches."""
        return [asked.text for asked in self.log if not ops or asked.op in ops]

    @property
    def answers(self) -> int:
        """Questions answered and texts written."""
        return sum(asked.answers for asked in self.log)


class ScriptedEngine:
    """Counts a token a word; answers by a hash of all that it reads, and distils by repeating what raters said."""

    def __init__(self, machine: Machine, context: int) -> None:
        self.info = EngineInfo(MODEL, context, context, FRAME, "b", "cpu", 0, {"build": "b", "context": str(context)})
        self._machine = machine
        self._prefix: tuple[Segment, ...] = ()

    def cancel(self) -> None:
        """Every call ends at once anyway."""

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        return [[len(word) for word in text.split()] for text in texts]

    def length(self, segments: Sequence[Segment], *, first: bool = True) -> int:
        return sum(len(segment.text.split()) for segment in segments)

    def read_prefix(self, segments: Sequence[Segment], on_tokens: Callable[[int, int], None] | None = None) -> Usage:
        tokens = self.length(segments)
        with self._call("prefix", segments, 0):
            self._fits(tokens)
        same = tuple(segments) == self._prefix
        self._prefix = tuple(segments)
        if on_tokens:
            on_tokens(tokens, tokens)
        return Usage(0, tokens, 0, 0.0) if same else Usage(tokens, 0, 0, 0.5)

    def answer(self, suffix: Sequence[Segment], lead: str, answers: Sequence[str]) -> Answer:
        with self._call("answer", suffix, 1):
            tokens = self.length(suffix) + 1
            self._fits(self.length(self._prefix) + tokens)
        return self._said(suffix, lead, answers, tokens)

    def answer_all(
        self, stem: Sequence[Segment], twigs: Sequence[Sequence[Segment]], lead: str, answers: Sequence[str]
    ) -> tuple[list[Answer], Usage]:
        with self._call("answer_all", [*stem, *(s for twig in twigs for s in twig)], len(twigs)):
            of_stem = self.length(stem)
            self._fits(self.length(self._prefix) + of_stem + max(self.length(twig) for twig in twigs) + 1)
        found = [self._said([*stem, *twig], lead, answers, self.length(twig) + 1) for twig in twigs]
        return found, Usage(of_stem, 0, 0, 0.1)

    def write(
        self, suffixes: Mapping[str, Sequence[Segment]], most: int, stops: Sequence[str] = (), on_tokens: object = None
    ) -> tuple[dict[str, str], Usage]:
        with self._call("write", [s for suffix in suffixes.values() for s in suffix], len(suffixes)):
            tokens = sum(self.length(suffix) for suffix in suffixes.values())
            self._fits(self.length(self._prefix) + tokens + most)
        texts = {name: _written("".join(s.text for s in suffix)) for name, suffix in suffixes.items()}
        return texts, Usage(tokens, 0, sum(len(text.split()) for text in texts.values()), 1.0)

    @contextmanager
    def _call(self, op: str, segments: Sequence[Segment], answers: int) -> Iterator[None]:
        self._machine.before(op)
        if self._machine.delay:
            time.sleep(self._machine.delay)
        yield
        prefix = "".join(segment.text for segment in (segments if op == "prefix" else self._prefix))
        asked = Asked(op, prefix, "".join(s.text for s in segments), tuple(segments), answers)
        self._machine.log.append(asked)
        self._machine.after(asked)

    def _fits(self, tokens: int) -> None:
        if tokens > self.info.context:
            raise ModelError(f"{tokens} tokens do not fit a context of {self.info.context}", "Raise it.")

    def _said(self, segments: Sequence[Segment], lead: str, answers: Sequence[str], tokens: int) -> Answer:
        told = "\0".join(s.text for s in (*self._prefix, *segments)) + lead
        weights = [1 + hashlib.sha256(f"{told}\0{a}".encode()).digest()[0] for a in answers]
        shares = {a: w / sum(weights) for a, w in zip(answers, weights, strict=True)}
        return Answer(shares, 0.5, Usage(tokens, 0, 0, 0.01))


def _written(told: str) -> str:
    """What a model writes that restates every remark, each under its number."""
    if "Why, in two sentences" in told:
        return "It loads the table in [1]. Nothing is checked in [2]."
    rules = [f"{words} ({number})" for number, words in _REMARK.findall(told)]
    if not rules:  # one remark by itself
        body = re.search(r"<(data-[0-9a-f]{8})>\n(.*?)\n</\1>", told, re.DOTALL)
        return f" {body[2] if body else 'nothing'}."
    score = re.search(r"with score (\d)", told)
    return f"\n- Score {score[1] if score else 1} when ".join(rules) + "."


Change = Callable[[int, str, int, str], tuple[int, str]]
_MADE: dict[tuple[int, bool], bytes] = {}  # (notebooks, whether N/A is known) -> a labelled workspace's database


class Study:
    """A workspace with labelled notebooks whose judge is scripted.

    Args:
        folder: Where the workspace is made.
        machine: Where its models run.
        books: How many notebooks, at most eight; they are the same in every study.
        not_applicable: Whether the rubric knows N/A.
        change: (number of the notebook, dimension, score, words) -> score and words, to make one study unlike another.
    """

    def __init__(
        self,
        folder: Path,
        machine: Machine,
        books: int = 6,
        *,
        not_applicable: bool = True,
        change: Change | None = None,
    ) -> None:
        self.machine = machine
        self.books = [f"book-{n}" for n in range(books)]
        self.rubric = "short" if not_applicable else "short-levels"
        folder.mkdir()
        made = _MADE.get((books, not_applicable)) if change is None else None
        if made is not None:  # each label is a durable transaction: a copy is quicker than making it again
            (folder / DATABASE).write_bytes(made)
        else:
            with Workspace.create(folder) as self.ws:
                self._fill(folder, not_applicable, change or (lambda _n, _d, score, words: (score, words)))
            if change is None:
                _MADE[books, not_applicable] = (folder / DATABASE).read_bytes()
        self.ws = Workspace.open(folder)

    def _fill(self, folder: Path, not_applicable: bool, change: Change) -> None:
        path = folder / "rubric.yaml"
        na, dim_na = ("  0: Not applicable.\n", "    0: There is nothing of it.\n") if not_applicable else ("", "")
        path.write_text(RUBRIC.format(id=self.rubric, na=na, dim_na=dim_na))
        self.ws.add_rubric(path)
        source = folder / "books"
        source.mkdir()
        for n, name in enumerate(self.books):
            (source / f"{name}.ipynb").write_bytes(tiny(n))
        if self.books:
            self.ws.import_notebooks([source])
        for n in range(len(self.books)):
            for d, dimension in enumerate(DIMENSIONS):
                score, words = change(n, dimension, given(n, d, not_applicable), WORDS[dimension][n])
                self.label(n, dimension, score, words)
                if n % 2 == 0:
                    self.label(n, dimension, score, f"{words}, which bob saw too", rater="bob")

    @cached_property
    def hashes(self) -> dict[str, str]:
        """Name of each notebook, without its ending -> content hash."""
        return {name.removesuffix(".ipynb"): sha256 for sha256, name in self.ws.names().items()}

    def __getitem__(self, n: int) -> str:
        """The content hash of a notebook."""
        return self.hashes[self.books[n]]

    def label(self, n: int, dimension: str, score: int, words: str, rater: str = "ann") -> None:
        self.ws.set_label(self[n], dimension, score, rater=rater, justification=words, cells=[1, 2], rubric=self.rubric)

    def options(self, **changed: Any) -> JudgeOptions:
        return JudgeOptions(**{"model": MODEL, "budget": 120, "park_bytes": 0, "context": CONTEXT, **changed})

    def align(self, *dimensions: str, **named: Any) -> AlignReport:
        options = named.pop("options", None) or self.options()
        return self.ws.align(dimensions=dimensions, rubric=self.rubric, options=options, **named)

    def judge(self, *notebooks: str, **named: Any) -> JudgeReport:
        options = named.pop("options", None) or self.options()
        return self.ws.judge_aligned(notebooks, rubric=self.rubric, options=options, **named)

    def evaluate(self, *arms: str, **named: Any) -> ExperimentResult:
        keep = {name: named.pop(name) for name in ("progress", "cancel") if name in named}
        asked = {"folds": 3, "bootstrap": 100, "rubric_checks": 2, "judge": self.options(), **named}
        return self.ws.evaluate(ExperimentOptions(arms=arms or ARMS, **asked), rubric=self.rubric, **keep)


def tiny(n: int) -> bytes:
    """A notebook of a few lines, unlike the others."""
    topic = ("copper", "maple", "granite", "willow", "harbour", "cobalt", "lantern", "orchard")[n]
    return notebook(
        markdown(f"# The {topic} study"),
        code(f"import pandas as pd\n{topic} = pd.read_csv('{topic}.csv')", stream(f"{n} rows\n")),
        code(f"{topic}.plot()" if n % 2 else f"{topic}.fillna({n})", id="c2"),
    )


def given(n: int, dimension: int, not_applicable: bool = True) -> int:
    """The score of a notebook where nothing is changed."""
    return 0 if not_applicable and n == 5 and dimension == 1 else 1 + (n + dimension) % 3


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A scripted model in the place of llama.cpp."""
    made = Machine(tmp_path)
    made.install(monkeypatch.setattr)
    return made


@pytest.fixture
def study(tmp_path: Path, machine: Machine) -> Iterator[Study]:
    """Six notebooks with labels, and nothing aligned yet."""
    made = Study(tmp_path / "study", machine)
    with made.ws:
        yield made
