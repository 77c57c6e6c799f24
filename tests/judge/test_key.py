"""A judgement's key changes with everything that can change the judgement, and with nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import nbalign.evidence
from nbalign.judge import key as key_module
from nbalign.judge import prompt
from nbalign.judge.key import evidence_tokens, judge_name, key, made_by
from nbalign.rubrics.packaged import packaged
from tests.judge.conftest import make_notebook, rubric_of

BOOK, RUBRIC = make_notebook(), rubric_of()
ENGINE = {"build": "1.0 · AVX2", "threads": "2", "context": "4096", "batch": "512"}
BASE: dict[str, Any] = {
    "notebook": BOOK,
    "rubric": RUBRIC,
    "dimension": "dimension_1",
    "model": "small",
    "model_sha256": "a" * 64,
    "budget": 2000,
    "engine": ENGINE,
    "memory": "",
}


def key_of(**changes: Any) -> str:
    return key(made_by(**{**BASE, **changes}))


def test_a_key_is_a_hash_and_stays_the_same() -> None:
    assert key_of() == key_of() == key_of(engine=dict(reversed(ENGINE.items())))
    assert len(key_of()) == 64
    assert key_of(model="a better name for the same file") == key_of()
    assert key_of(notebook=replace(BOOK, name="renamed.ipynb")) == key_of()


@pytest.mark.parametrize(
    "changes",
    [
        {"notebook": make_notebook(1)},
        {"notebook": make_notebook(sidecar="Another task.")},
        {"notebook": make_notebook(sidecar=None)},
        {"rubric": rubric_of(sha256="s" * 64)},
        {"dimension": "dimension_2"},
        {"model_sha256": "b" * 64},
        {"budget": 1999},
        {"memory": "m1"},
        *({"engine": {**ENGINE, name: "other"}} for name in ENGINE),
        {"engine": {**ENGINE, "device": "gpu"}},
    ],
)
def test_a_key_changes_with_each_part(changes: dict[str, Any]) -> None:
    assert key_of(**changes) != key_of()


def test_a_key_changes_with_the_words_of_prompt_and_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of(), judge_name("m", "a", RUBRIC, 1)
    with monkeypatch.context() as patch:
        patch.setattr(prompt, "VERSION", "next")
        assert key_of() != before[0]
        assert judge_name("m", "a", RUBRIC, 1) != before[1]
    monkeypatch.setattr(key_module, "DIGEST_VERSION", "next")
    assert key_of() != before[0]
    assert judge_name("m", "a", RUBRIC, 1) != before[1]


def test_a_judge_is_named_after_what_decides_its_opinions() -> None:
    name = judge_name("small", "a" * 64, RUBRIC, 2000)
    assert name.startswith("small@")
    assert name == judge_name("small", "a" * 64, rubric_of(2), 2000)  # the same text has the same hash
    others = {
        judge_name("small", "b" * 64, RUBRIC, 2000),
        judge_name("small", "a" * 64, rubric_of(sha256="s" * 64), 2000),
        judge_name("small", "a" * 64, RUBRIC, 1000),
        judge_name("small", "a" * 64, RUBRIC, 2000, "m1"),
    }
    assert len(others | {name}) == 5


def test_evidence_changes_nothing_for_judgements_without_it() -> None:
    # The words of prompt and digest are in these too: a change of theirs changes these lines, one of evidence must not.
    assert key_of() == "752dcc93460d79c235a37332a643a8788315fab5820deafeb110546455c32a48"
    assert judge_name("small", "a" * 64, RUBRIC, 2000) == "small@81e734"
    assert judge_name("small", "a" * 64, RUBRIC, 2000, "m1") == "small+memory@902954"
    assert key_of(evidence=0) == key_of()
    assert "evidence" not in " ".join(made_by(**BASE))


def test_a_judge_that_reads_evidence_is_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rubric = packaged()[0]

    def both(evidence: int) -> tuple[str, str]:
        name = judge_name("small", "a" * 64, rubric, 2000, evidence=evidence)
        return key_of(rubric=rubric, dimension="model_training", evidence=evidence), name

    found = [both(tokens) for tokens in (0, 120, 200)]
    assert len({k for k, _ in found}) == len({name for _, name in found}) == 3
    assert found[0][1].startswith("small@")
    assert found[1][1].startswith("small+evidence@")
    assert both(-1) == both(0)
    monkeypatch.setattr(nbalign.evidence, "VERSION", "next")
    assert both(0) == found[0]
    assert both(120)[0] != found[1][0]
    assert both(120)[1] != found[1][1]


def test_a_rubric_of_other_dimensions_knows_no_evidence() -> None:
    assert evidence_tokens(RUBRIC, 120) == 0
    assert evidence_tokens(packaged()[0], 120) == 120
    assert key_of(evidence=120) == key_of()
    assert judge_name("small", "a" * 64, RUBRIC, 2000, evidence=120) == judge_name("small", "a" * 64, RUBRIC, 2000)


def test_what_is_kept_for_audits_alone_does_not_change_a_key() -> None:
    made = made_by(**BASE)
    assert key({**made, "evidence_text": "f" * 64}) == key(made)
