"""A later nbalign that fits, blends or words otherwise: it takes no earlier result for its own, and asks nothing twice."""

from __future__ import annotations

import pytest

from nbalign.align import versions as module
from nbalign.align.versions import versions
from nbalign.judge.key import key
from tests.align.conftest import Study

PARTS = ("BLEND", "CALIBRATION", "DISTILLING", "FACTS", "WORDING")


def test_every_part_is_told() -> None:
    assert set(versions()) == {part.lower() for part in PARTS}
    assert all(versions().values())


@pytest.mark.parametrize("part", PARTS)
def test_aligned_judgements_are_made_anew_of_kept_answers(
    part: str, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    study.align("loading")
    first = study.judge("book-0")
    answers = study.machine.answers
    assert all(j.key == key(j.made_by) for j in first.judgements)
    monkeypatch.setattr(module, part, "later")
    later = study.judge("book-0")
    assert (later.new, later.known) == (2, 0)
    assert study.machine.answers == answers
    assert later.judge != first.judge
    assert not {j.key for j in later.judgements} & {j.key for j in first.judgements}
    assert [j.probabilities for j in later.judgements] == [j.probabilities for j in first.judgements]
    monkeypatch.undo()
    study.machine.install(monkeypatch.setattr)
    assert study.judge("book-0").judgements == first.judgements


def test_a_later_experiment_is_another_one_in_the_same_folds(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    first = study.evaluate("constant", "full")
    assert study.evaluate("constant", "full").id == first.id
    answers, ids = study.machine.answers, {first.id}
    for part in PARTS:
        with monkeypatch.context() as patch:
            patch.setattr(module, part, "later")
            ids.add(study.evaluate("constant", "full").id)
    assert len(ids) == 1 + len(PARTS)
    assert study.machine.answers == answers
    # Folds of an experiment are kept though a score that they were dealt by has changed, also by a later nbalign.
    for n in range(6):
        study.label(n, "loading", 1 if n < 3 else 3, "all of it was looked at again")
    monkeypatch.setattr(module, "CALIBRATION", "later")
    assert study.evaluate("constant").folds == first.folds
