"""Short questions about a notebook: each is asked once ever, stems once, and tokens add up."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nbalign.errors import ModelError
from nbalign.judge.judge import Judge
from nbalign.judge.probing import Probe, ProbeArchive, Prober, Question, Tally
from nbalign.judge.reading import Reading
from nbalign.llm.client import EngineClient
from nbalign.llm.library import ModelLibrary
from nbalign.llm.model import EngineSettings, Segment
from nbalign.store.database import Store
from nbalign.store.notebooks import NotebookStore
from tests.align.conftest import Machine, ScriptedEngine
from tests.judge.conftest import add_notebook, rubric_of


class Bench:
    """A prober with a scripted model and one notebook."""

    def __init__(self, folder: Path) -> None:
        self.machine = Machine(folder)
        self.engine = ScriptedEngine(self.machine, 2000)
        self.store = Store.create(folder / "nbalign.db")
        self.prober = self.made({"model_sha256": "a" * 64})
        judge = Judge(self.engine, "scripted", "a" * 64, rubric_of(), 200)  # type: ignore[arg-type]
        notebooks = NotebookStore(self.store)
        self.readings = [judge.read(add_notebook(notebooks, n)) for n in range(2)]

    def made(self, settled: dict[str, str]) -> Prober:
        return Prober(self.engine, ProbeArchive(self.store), settled)  # type: ignore[arg-type]

    @property
    def reading(self) -> Reading:
        return self.readings[0]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    with made.store:
        yield made


def question(stem: str = "Is the data good?", rest: str = "Say so.", lead: str = "Answer:") -> Question:
    return Question((Segment(stem),), (Segment(rest), Segment("<end>", trusted=True)), lead, ("yes", "no"))


def test_each_question_is_asked_once_ever(bench: Bench) -> None:
    asked = [question(), question(rest="Say no."), question()]
    found, tally = bench.prober.ask(bench.reading, asked)
    assert len(found) == 2
    assert (tally.computed, tally.known) == (2, 0)
    assert bench.machine.answers == 2
    again, cost = bench.prober.ask(bench.reading, [*reversed(asked), question(rest="New.")])
    assert {q: again[q] for q in found} == found
    assert (cost.computed, cost.known) == (1, 2)
    assert bench.machine.answers == 3
    other = bench.made({"model_sha256": "a" * 64})
    assert other.known(bench.reading, asked) == found
    calls = len(bench.machine.log)
    assert other.ask(bench.reading, asked) == (found, Tally(known=2, saved=cost_of(found, bench)))
    assert len(bench.machine.log) == calls  # not even the notebook was read


def cost_of(found: dict[Question, Probe], bench: Bench) -> int:
    return sum(bench.reading.tokens + probe.tokens for probe in found.values())


def test_a_stem_is_evaluated_once_and_every_token_is_counted_once(bench: Bench) -> None:
    first = [question(rest=f"Say {n}.") for n in range(3)]
    second = [question(stem="Another stem of six words here.", rest=f"Say {n}.") for n in range(2)]
    found, tally = bench.prober.ask(bench.reading, [*first, *second])
    groups = [asked for asked in bench.machine.log if asked.op == "answer_all"]
    assert [group.answers for group in groups] == [3, 2]
    assert groups[0].text.count("Is the data good?") == 1
    stems = [4, 6]
    words = 3 + 1  # `Say 0.`, the end, and the lead
    assert [found[q].tokens for q in first] == [stems[0] + words, words, words]
    assert [found[q].tokens for q in second] == [stems[1] + words, words]
    assert tally.evaluated == bench.reading.tokens + sum(probe.tokens for probe in found.values())
    # Without sharing, each would have read the notebook and its stem.
    alone = 5 * bench.reading.tokens + 3 * (stems[0] + words) + 2 * (stems[1] + words)
    assert tally.evaluated + tally.saved == alone


@pytest.mark.parametrize(
    "other",
    [
        question(stem="Is the data bad?"),
        question(rest="Say it."),
        question(lead="Well:"),
        replace(question(), answers=("no", "yes")),
        replace(question(), answers=("yes", "no", "maybe")),
        replace(question(), stem=(Segment("Is the data good?", trusted=True),)),
        replace(question(), stem=(Segment("Is the data "), Segment("good?"))),
        replace(question(), stem=(Segment("Is the data good?Say so."),), rest=(Segment("<end>", trusted=True),)),
    ],
)
def test_keys_differ_with_any_part_of_the_question(other: Question, bench: Bench) -> None:
    assert bench.prober.key(bench.reading, other) != bench.prober.key(bench.reading, question())
    bench.prober.ask(bench.reading, [question()])
    assert bench.prober.known(bench.reading, [other]) == {}


def test_keys_differ_with_the_reading_and_the_model(bench: Bench) -> None:
    reading = bench.reading
    keys = {
        bench.prober.key(reading, question()),
        bench.prober.key(bench.readings[1], question()),
        bench.prober.key(replace(reading, prefix=(*reading.prefix, Segment("more"))), question()),
        bench.made({"model_sha256": "b" * 64}).key(reading, question()),
        bench.made({"model_sha256": "a" * 64, "engine.threads": "1"}).key(reading, question()),
    }
    assert len(keys) == 5
    assert bench.prober.key(reading, question()) in keys


def test_what_is_finished_is_kept_when_the_worker_dies(bench: Bench) -> None:
    calls = 0

    def die(op: str) -> None:
        nonlocal calls
        calls += op == "answer_all"
        if calls == 2:
            raise ModelError("the worker died")

    bench.machine.before = die
    asked = [question(), question(stem="Second stem?"), question(stem="Third stem?")]
    with pytest.raises(ModelError):
        bench.prober.ask(bench.reading, asked)
    assert len(bench.prober.known(bench.reading, asked)) == 1
    bench.machine.before = lambda _op: None
    _, tally = bench.prober.ask(bench.reading, asked)
    assert (tally.known, tally.computed) == (1, 2)


def test_nothing_asked_costs_nothing(bench: Bench) -> None:
    assert bench.prober.ask(bench.reading, []) == ({}, Tally())
    assert bench.machine.log == []


def test_hundreds_of_questions_are_looked_up(bench: Bench) -> None:
    asked = [question(rest=f"Say {n}.") for n in range(620)]
    bench.prober.ask(bench.reading, asked)
    assert len(bench.prober.known(bench.reading, asked)) == 620
    with closing(sqlite3.connect(bench.store.path)) as connection:
        assert connection.execute("select count(*) from probes").fetchone() == (620,)


def test_tallies_add_up() -> None:
    assert Tally(1, 2, 3, 4, 5.0) + Tally(10, 20, 30, 40, 50.0) == Tally(11, 22, 33, 44, 55.0)


@pytest.mark.model
def test_an_answer_of_a_real_model_does_not_depend_on_what_else_is_asked(tmp_path: Path, small_model: Path) -> None:
    """An answer is kept under its own question, so it may not depend on those that share its stem or its batch."""
    sha256 = ModelLibrary.default().verify(small_model).sha256
    settings = EngineSettings(context=512, threads=2, batch=64)
    with (
        EngineClient(small_model, sha256, settings, tmp_path / "kv", 0) as engine,
        Store.create(tmp_path / "one.db") as one,
        Store.create(tmp_path / "all.db") as many,
    ):
        book = add_notebook(NotebookStore(one))
        add_notebook(NotebookStore(many))
        reading = Judge(engine, "small", sha256, rubric_of(1), 64).read(book)
        asked = [
            replace(question(rest=f"{rest} yes or no?"), answers=("1", "2", "3"), lead="Score:")
            for rest in ("Is it short,", "Does it print a number or a long table of numbers,", "Hm,")
        ]
        together, tally = Prober(engine, ProbeArchive(many), {}).ask(reading, asked)
        assert tally.computed == 3
        alone = Prober(engine, ProbeArchive(one), {})
        for q in reversed(asked):
            found, _ = alone.ask(reading, [q])
            assert found[q].probabilities == pytest.approx(dict(together[q].probabilities), abs=1e-3)
        assert sum(p.tokens for p in together.values()) + reading.tokens == tally.evaluated
