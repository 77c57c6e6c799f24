"""Runs over many notebooks: the known is skipped, the new is kept at once, and a run can end anywhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nbalign.errors import BadInput, ModelError
from nbalign.judge import session as session_module
from nbalign.judge.archive import Archive
from nbalign.judge.batch import JudgeReport
from nbalign.judge.judge import LEAST_DIGEST, Judge
from nbalign.judge.reasons import NO_REASON
from nbalign.judge.session import JudgeOptions, Session
from nbalign.llm.library import ModelFile
from nbalign.llm.model import Usage
from nbalign.notebooks import read
from nbalign.notebooks.model import Notebook
from nbalign.progress import Progress
from nbalign.rubrics.model import Rubric
from nbalign.rubrics.packaged import packaged
from nbalign.store.database import Store
from nbalign.store.notebooks import NotebookStore
from nbalign.store.rubrics import RubricStore
from tests.judge.conftest import RuleEngine, add_notebook, make_notebook, rubric_of, scale_of

RUBRIC = packaged()[0]
DIMENSIONS = RUBRIC.dimensions[:3]


class Workplace:
    """A store with three notebooks, a session over it, and the engine that the session gets instead of a worker."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.create(folder / "nbalign.db")
        RubricStore(self.store).add(RUBRIC)
        self.archive = Archive(self.store)
        notebooks = NotebookStore(self.store)
        self.books = [add_notebook(notebooks, n) for n in range(3)]
        self.unreadable: set[str] = set()
        self.cache = folder / "cache"
        self.engine = RuleEngine()
        self.started = 0
        self.progress: list[Progress] = []

    @contextmanager
    def client(self, *_args: object) -> Iterator[RuleEngine]:
        self.started += 1
        yield self.engine

    def load(self, sha256: str) -> Notebook:
        if sha256 in self.unreadable:
            raise BadInput("cannot be read")
        return next(book for book in self.books if book.sha256 == sha256)

    def run(self, cancel: threading.Event | None = None, rubric: Rubric = RUBRIC, **options: Any) -> JudgeReport:
        session = Session(self.archive, self.cache, self.load, rubric, JudgeOptions(model="rule", **options))
        return session.run(self.books, DIMENSIONS, self.progress.append, cancel)

    def saved(self) -> list[tuple[str, str]]:
        return [(j.notebook, j.dimension) for j in self.archive.judgements()]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workplace:
    workplace = Workplace(tmp_path)
    model = ModelFile("rule", tmp_path / "rule.gguf", "a" * 64, 1, None)
    monkeypatch.setattr(session_module, "choose_model", lambda *_: model)
    monkeypatch.setattr(session_module, "EngineClient", workplace.client)
    monkeypatch.setattr(RuleEngine, "cancel", lambda _self: None, raising=False)
    return workplace


def test_a_run_judges_everything_and_the_next_starts_no_worker(place: Workplace) -> None:
    report = place.run()
    wanted = [(book.sha256, d.id) for book in place.books for d in DIMENSIONS]
    assert [(j.notebook, j.dimension) for j in report.judgements] == wanted == place.saved()
    assert (report.new, report.known, report.failed, report.stopped) == (9, 0, (), False)
    assert report.evaluated > 0
    assert len(place.engine.prefixes) == 3  # one a notebook, not one a dimension
    again = place.run()
    assert (again.new, again.known, again.evaluated) == (0, 9, 0)
    assert again.judgements == tuple(place.archive.judgements())
    assert again.judge == report.judge
    assert place.started == 1


def test_other_options_are_another_judgement(place: Workplace) -> None:
    first = place.run()
    other = place.run(budget=100)
    assert other.new == 9
    assert other.judge != first.judge
    assert place.run(threads=7).judge == first.judge


def test_a_judgement_holds_what_made_it(place: Workplace) -> None:
    judgement = place.run().judgements[0]
    assert judgement.made_by["model_sha256"] == "a" * 64
    assert judgement.made_by["engine.build"] == "build"
    assert judgement.rubric_sha256 == RUBRIC.sha256
    assert sum(judgement.probabilities.values()) == pytest.approx(1)
    assert judgement.at.endswith("+00:00")
    assert judgement.cut == ()


@pytest.mark.parametrize("at", [0, 1, 3, 8])
def test_a_worker_that_dies_loses_nothing_that_was_finished(at: int, place: Workplace) -> None:
    place.engine.fail_at = at
    with pytest.raises(ModelError, match="died"):
        place.run()
    assert len(place.saved()) == at
    place.engine.fail_at = -1
    report = place.run()
    assert (report.new, report.known) == (9 - at, at)
    assert len(set(place.saved())) == 9


@pytest.mark.parametrize("at", [0, 1, 4, 8])
def test_stopping_loses_nothing_that_was_finished(at: int, place: Workplace) -> None:
    place.engine.stop_at = at
    report = place.run()
    assert report.stopped
    assert report.new == len(report.judgements) == len(place.saved()) == at
    place.engine.stop_at = -1
    assert place.run().new == 9 - at
    assert len(set(place.saved())) == 9


def test_a_cancel_from_another_thread_stops_after_the_judgement_under_way(place: Workplace) -> None:
    cancel = threading.Event()
    place.engine.on_answer = cancel.set
    report = place.run(cancel)
    assert report.stopped
    assert report.new == 1
    cancel.set()
    assert place.run(cancel).new == 0


def test_ctrl_c_keeps_what_is_finished(place: Workplace) -> None:
    def interrupt() -> None:
        if place.engine.answers == 5:
            raise KeyboardInterrupt

    place.engine.on_answer = interrupt
    report = place.run()
    assert (report.stopped, report.new) == (True, 4)
    assert len(place.saved()) == 4


def test_a_notebook_that_cannot_be_read_is_noted_and_the_rest_goes_on(place: Workplace) -> None:
    place.unreadable = {place.books[1].sha256}
    report = place.run()
    assert report.new == 6
    assert report.failed == ((place.books[1].name, "cannot be read"),)
    again = place.run()
    assert (again.new, again.known) == (0, 6)
    assert again.failed == report.failed


def test_rationales_are_written_once_and_for_what_was_judged_before(place: Workplace) -> None:
    place.run()
    report = place.run(rationale=True)
    assert report.new == 0
    assert report.generated > 0
    # the sentence that broke off at the bound is not kept
    assert {j.rationale for j in report.judgements} == {"Because of [2]."}
    started = place.started
    again = place.run(rationale=True)
    assert (again.generated, again.evaluated) == (0, 0)
    assert again.judgements == report.judgements
    assert place.started == started
    assert {j.rationale for j in place.run().judgements} == {"Because of [2]."}


def test_a_model_that_gives_no_reason_is_not_asked_again(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    def empty(_self: RuleEngine, suffixes: dict[str, object], *_args: object, **_named: object) -> object:
        return dict.fromkeys(suffixes, " \n"), Usage(1, 0, 0, 0.1)

    monkeypatch.setattr(RuleEngine, "write", empty)
    assert {j.rationale for j in place.run(rationale=True).judgements} == {NO_REASON}
    assert place.run(rationale=True).evaluated == 0
    assert place.started == 1


def test_progress_never_runs_backwards_and_counts_tokens(place: Workplace) -> None:
    place.run(rationale=True)
    steps = [step for step in place.progress if step.stage.startswith("judging")]
    assert steps
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert all(0 <= step.skipped <= step.done for step in steps)
    assert steps[-1].unit == "tokens"
    assert steps[-1].done <= steps[-1].total
    assert steps[-1].stage == "judging book-2.ipynb (3 of 3)"


def judge_with(context: int, rubric: Rubric, budget: int = 2000) -> tuple[Judge, RuleEngine]:
    engine = RuleEngine(context)
    return Judge(engine, "rule", "a" * 64, rubric, budget), engine  # type: ignore[arg-type]


def long_notebook() -> Notebook:
    from tests.notebooks.build import code, notebook

    return read(notebook(*(code(f"frame_{n} = load ( {n} )\nprint ( frame_{n} )") for n in range(400))), "long.ipynb")


def test_a_short_context_is_told_as_a_cut_and_leaves_room_for_the_reasons() -> None:
    rubric = rubric_of(20, scale_of(range(10)))
    judge, engine = judge_with(700, rubric)
    reading = judge.read(long_notebook())
    assert "context of 700 tokens leaves" in reading.cut[0]
    judgements = [judgement for judgement, _ in judge.judge(reading, rubric.dimensions, lambda *_: None)]
    assert len(judgements) == 20
    groups = [texts for texts, _ in judge.explain(reading, judgements, lambda *_: None)]
    texts = {key: text for group in groups for key, text in group.items()}  # each within the context
    assert set(texts) == {j.key for j in judgements}
    assert engine.held > 300
    assert all(judgement.cut == reading.cut for judgement in judgements)


def test_a_context_without_any_room_is_refused_with_advice() -> None:
    wordy = rubric_of(1)
    huge = replace(wordy.dimensions[0], question="why " * 5000)
    judge, _ = judge_with(4096, replace(wordy, dimensions=(huge,)))
    with pytest.raises(ModelError) as caught:
        judge.read(make_notebook())
    assert "4096" in caught.value.message
    assert "--context" in caught.value.hint


def test_a_task_prompt_as_long_as_a_book_leaves_room_for_the_notebook() -> None:
    rubric = rubric_of()
    judge, _ = judge_with(2048, rubric)
    reading = judge.read(replace(long_notebook(), prompt="Predict the price of wine. " * 8000))
    assert "task prompt" in reading.cut[0]
    assert reading.digest.tokens > LEAST_DIGEST
    assert len([j for j, _ in judge.judge(reading, rubric.dimensions, lambda *_: None)]) == 3
    short = judge.read(make_notebook())
    assert short.cut == ()
    assert "Predict the price." in "".join(segment.text for segment in short.prefix)
