"""The judge with a memory: what it is called, what it reads, what it never sees, and what stops it."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from itertools import takewhile
from typing import Any

import pytest

from nbalign.align.desk import Desk
from nbalign.align.memories import with_version
from nbalign.align.model import Guideline
from nbalign.align.run import retriever_of
from nbalign.align.wording import GUIDELINES_HEAD, PRECEDENTS_HEAD
from nbalign.errors import ModelError, NotFound, UsageError
from nbalign.evidence import read_evidence
from tests.align.conftest import DIMENSIONS, MODEL, RUBRIC, WORDS, Study


@pytest.fixture
def taught(study: Study) -> Study:
    """The study, aligned; what was asked until then is forgotten."""
    study.align()
    study.machine.log.clear()
    return study


def noted(patch: pytest.MonkeyPatch) -> list[Desk]:
    """Every desk that is made from now on."""
    desks: list[Desk] = []
    start = Desk.__init__

    def remember(self: Desk, *args: Any, **named: Any) -> None:
        desks.append(self)
        start(self, *args, **named)

    patch.setattr(Desk, "__init__", remember)
    return desks


def memory_questions(study: Study) -> list[str]:
    """What the model was asked with a memory, prefix and question."""
    return [a.prefix + a.text for a in study.machine.log if a.op == "answer_all" and "Grade " in a.text]


def precedents_in(text: str) -> list[str]:
    """The lines of precedents in a question."""
    _, _, rest = text.partition(f"{PRECEDENTS_HEAD}\n")
    return list(takewhile(lambda line: line.startswith("- "), rest.splitlines()))


def test_an_aligned_judge_has_a_name_and_keys_of_its_own(taught: Study) -> None:
    memory = taught.ws.memory(rubric=taught.rubric)
    report = taught.judge()
    assert (report.new, report.known, report.failed, report.stopped) == (12, 0, (), False)
    assert report.judge.startswith(f"{MODEL}+memory@")
    assert {j.judge for j in report.judgements} == {report.judge}
    base = {(j.notebook, j.dimension): j for j in taught.ws.judge(rubric="short", options=taught.options()).judgements}
    assert len(base) == 12
    for j in report.judgements:
        assert j.made_by["memory"] == memory.version
        assert j.key != base[j.notebook, j.dimension].key
        assert sum(j.probabilities.values()) == pytest.approx(1)
        assert j.tokens > 0
    assert [name for name, _, _ in taught.ws.judges("short")] == [report.judge, base[taught[0], "loading"].judge]


def test_judging_again_asks_nothing_and_goes_on_after_a_stop(taught: Study) -> None:
    first = taught.judge("book-1", "book-2")
    answers, loaded = taught.machine.answers, taught.machine.loaded
    again = taught.judge("book-1", "book-2")
    assert again.judgements == first.judgements
    assert (again.new, again.known, again.evaluated) == (0, 4, 0)
    assert (taught.machine.answers, taught.machine.loaded) == (answers, loaded)
    cancel = threading.Event()
    cancel.set()
    stopped = taught.judge(cancel=cancel)
    assert stopped.stopped
    calls = 0

    def cut(_op: str) -> None:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt

    taught.machine.before = cut
    part = taught.judge()
    assert part.stopped
    assert 4 <= len(part.judgements) < 12
    taught.machine.before = lambda _op: None
    whole = taught.judge()
    assert (whole.known, whole.new) == (len(part.judgements), 12 - len(part.judgements))
    asked = memory_questions(taught)
    assert len(asked) == len(set(asked))


def test_a_notebook_never_sees_its_own_precedent(taught: Study) -> None:
    taught.judge()
    for n, book in enumerate(taught.books):
        topic = taught.ws.notebook(book).cells[0].source
        asked = [text for text in memory_questions(taught) if topic in text]
        assert len(asked) == len(DIMENSIONS)
        for text in asked:
            # Guidelines do know every label; precedents stand under a heading of their own.
            cases = precedents_in(text)
            assert cases
            assert not [line for line in cases for d in DIMENSIONS if WORDS[d][n] in line]
    near = taught.ws.neighbours_of("book-0", DIMENSIONS, rubric="short", k=50)
    assert all(len(many) == 5 and taught[0] not in {n.precedent.notebook for n in many} for many in near.values())


def test_the_words_of_a_memory_stand_in_the_question_and_the_prefix_stays(taught: Study) -> None:
    taught.judge("book-4")
    asked = [a for a in taught.machine.log if a.op == "answer_all" and "Grade Loading" in a.text]
    assert len(asked) == 1
    assert GUIDELINES_HEAD in asked[0].text
    for segment in asked[0].segments:
        assert not (segment.trusted and "copper" in segment.text)
    assert "copper" not in asked[0].prefix


def test_one_version_or_another_can_be_judged_with(taught: Study) -> None:
    first = taught.ws.memory(rubric=taught.rubric)
    taught.label(1, "loading", 3, "violet paths are built with care")
    second = taught.align().memory
    assert second is not None
    old, new = taught.judge("book-0", memory=first.version[:6]), taught.judge("book-0")
    assert {j.made_by["memory"] for j in old.judgements} == {first.version}
    assert {j.made_by["memory"] for j in new.judgements} == {second.version}
    assert old.judge != new.judge
    with pytest.raises(NotFound, match="no memory"):
        taught.judge("book-0", memory="ffffffffffff")
    with pytest.raises(UsageError, match="too short"):
        taught.judge("book-0", memory=first.version[:1])


def test_another_model_or_another_rubric_text_is_told_in_words(taught: Study) -> None:
    with pytest.raises(UsageError, match="not with other") as wrong:
        taught.judge(options=taught.options(model="other"))
    assert "--unaligned" in wrong.value.hint
    path = taught.ws.path / "changed.yaml"
    text = RUBRIC.format(id="short", na="  0: Not applicable.\n", dim_na="    0: There is nothing of it.\n")
    path.write_text(text.replace("version: 1", "version: 2").replace("axes have units", "axes have names"))
    taught.ws.add_rubric(path)
    with pytest.raises(UsageError, match="another text of the rubric") as changed:
        taught.judge()
    assert "nbalign align" in changed.value.hint
    with pytest.raises(UsageError, match="other dimensions"):
        taught.align("plotting")
    assert taught.align().memory is not None
    assert taught.judge().new == 12


def test_budget_and_facts_are_those_that_were_aligned_with(taught: Study) -> None:
    report = taught.judge(options=taught.options(budget=64, evidence=0))
    assert {j.made_by["budget"] for j in report.judgements} == {"120"}
    assert taught.judge().new == 0


def test_nothing_aligned_is_told_in_words(study: Study) -> None:
    with pytest.raises(NotFound, match="no memory") as error:
        study.judge()
    assert "nbalign align" in error.value.hint


def test_rationales_are_written_once_for_the_aligned_score(taught: Study) -> None:
    first = taught.judge("book-1")
    report = taught.judge("book-1", options=taught.options(rationale=True))
    assert (report.new, report.known) == (0, 2)
    assert report.generated > 0
    assert [replace(j, rationale="") for j in report.judgements] == list(first.judgements)
    assert all("[1]" in j.rationale for j in report.judgements)
    written = [a for a in taught.machine.log if a.op == "write"]
    assert len(written) == 1
    for j in report.judgements:
        assert f"Score: {j.score}" in written[0].text
    again = taught.judge("book-1", options=taught.options(rationale=True))
    assert [j.rationale for j in again.judgements] == [j.rationale for j in report.judgements]
    assert len([a for a in taught.machine.log if a.op == "write"]) == 1


@pytest.mark.parametrize("context", [380, 400, 430, 460, 500, 560, 640])
def test_a_context_with_little_room_for_words_still_works(context: int, taught: Study) -> None:
    """Whatever room is left beside the notebook, words of the memory fill it and never more."""
    memory = taught.ws.memory(rubric=taught.rubric)
    rules = [
        Guideline(f"{n:012x}", d, f"Score 1 when {word} " + "tables are loaded in haste " * 3 + ".", "written", ())
        for d in DIMENSIONS
        for n, word in enumerate(("copper", "maple", "granite", "willow", "amber", "umber", "ochre", "coral"))
    ]
    made = {**memory.made_by, "budget": "5000"}
    full = with_version(replace(memory, guidelines=tuple(rules), made_by=made))
    taught.ws.memories().save(full)
    long = taught.ws.path / "long.py"
    long.write_text("\n".join(f"# %%\nvalue_{n} = load(value_{n - 1}) + {n}" for n in range(300)))
    taught.ws.import_notebooks([long])
    try:
        report = taught.judge("long", options=taught.options(context=context))
    except ModelError as error:
        assert "no room for a notebook" in error.message
        assert context < 430
        return
    assert (report.new, report.failed) == (2, ())


def test_notebooks_that_vanished_or_broke_are_told_and_the_rest_is_judged(taught: Study) -> None:
    path, broken = taught.ws.path, taught[2]
    version = taught.ws.memory(rubric="short").version
    taught.ws.close()
    with closing(sqlite3.connect(path / "nbalign.db")) as connection, connection:
        connection.execute("update notebooks set raw = ? where sha256 = ?", (b"{broken", broken))
    taught.ws = type(taught.ws).open(path)
    report = taught.judge(memory=version)
    assert {j.notebook for j in report.judgements} == {taught[n] for n in (0, 1, 3, 4, 5)}
    assert [name for name, _ in report.failed] == ["book-2.ipynb"] * len(report.failed)
    assert report.failed
    cases = [line for text in memory_questions(taught) for line in precedents_in(text)]
    assert cases
    assert not [line for line in cases if WORDS["loading"][2] in line]


def test_only_notebooks_that_were_learned_from_stay_in_memory(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    study.ws.unalign([study[5]])
    study.align()
    desks = noted(monkeypatch)
    assert study.judge().new == 12
    (desk,) = desks
    assert set(desk.notebooks) == {study[n] for n in range(5)}
    assert study.judge().new == 0


def test_vectors_are_those_that_a_calibration_was_fitted_to(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where dimensions are aligned one by one, from other notebooks each."""
    study.align("loading")
    study.ws.unalign([study[4], study[5]])
    desks = noted(monkeypatch)
    study.align("plotting")
    study.judge()
    fitted, judging = desks
    views = [desk.view(study[0], "plotting").vector for desk in (fitted, judging)]
    assert views[0] is not None
    assert views[1] is not None
    assert views[0].tolist() == views[1].tolist()


def test_a_dimension_that_nobody_scored_is_judged_with_what_there_is(study: Study) -> None:
    study.align("loading")
    report = study.judge("book-0")
    assert {j.dimension for j in report.judgements} == set(DIMENSIONS)
    memory = study.ws.memory(rubric="short")
    assert set(memory.calibrations) == {"loading"}
    asked = next(text for text in memory_questions(study) if "Grade Plotting" in text)
    assert not precedents_in(asked)


def test_precedents_of_other_dimensions_and_unreadable_notebooks_are_passed_over(taught: Study) -> None:
    rubric = taught.ws.rubric("short")
    memory = taught.ws.memory(rubric="short")
    foreign = replace(memory.precedents[0], dimension="gone")
    desk = Desk(rubric, [taught[0], taught[1], "0" * 64], taught.ws.notebook)
    assert set(desk.notebooks) == {taught[0], taught[1]}
    assert desk.evidence(taught[0]) == read_evidence(taught.ws.notebook(taught[0]))
    retriever = retriever_of(replace(memory, precedents=(foreign, *memory.precedents)), desk, rubric)
    found = retriever.neighbours(desk.query(taught[0], "loading"), 50)
    assert {n.precedent.notebook for n in found} == {taught[1]}
