"""What an experiment and a judge with a memory put to the model, to the last byte: kept answers are found by it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbalign.align.wording import GUIDELINES_HEAD, PRECEDENTS_HEAD
from tests.align.conftest import Machine, Study

# Of all distinct questions with a memory's words, sorted. Kept answers are filed under their questions: where these
# change, everything that was ever asked with a memory is asked again. Change them only with a version: that of the
# wording, of the prompt, or of the facts.
ALIGNED = "b442351d19f17175"
EVALUATED = "349950b5dbf3d8ac"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    machine = Machine(tmp_path)
    machine.install(monkeypatch.setattr)
    made = Study(tmp_path / "study", machine)
    with made.ws:
        yield made


def asked(study: Study) -> set[str]:
    """Every question that was asked with a memory, without the notebook before it."""
    found = {a.text for a in study.machine.log if a.op == "answer_all" and "Grade " in a.text}
    assert any(GUIDELINES_HEAD in text and PRECEDENTS_HEAD in text for text in found)
    return found


def digest(texts: set[str]) -> str:
    return hashlib.sha256("\0\0".join(sorted(texts)).encode()).hexdigest()[:16]


def test_what_a_judge_with_a_memory_is_asked_stays_byte_for_byte(study: Study) -> None:
    study.align()
    study.machine.log.clear()
    study.judge()
    assert digest(asked(study)) == ALIGNED


def test_what_an_experiment_asks_stays_byte_for_byte(study: Study) -> None:
    study.evaluate("semantic", "episodic", "full")
    assert digest(asked(study)) == EVALUATED
