"""What judging would mean: which notebooks are missing, and about how long they take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nbalign.align.naming import Naming
from nbalign.jobs.planning import plan_judging
from nbalign.judge.key import judge_name
from nbalign.judge.model import Judgement
from nbalign.judge.session import DEFAULT_BUDGET, DEFAULT_EVIDENCE
from nbalign.llm.library import ModelLibrary
from nbalign.workspace import Workspace
from tests.jobs.test_work import a_memory
from tests.llm.model_files import card_of, gguf

DATA = gguf()
CARD = card_of(DATA)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / CARD.file).write_bytes(DATA)
    monkeypatch.setattr(ModelLibrary, "default", classmethod(lambda cls: cls([folder], (CARD,))))
    return folder


@pytest.fixture
def workspace(study: Path) -> Iterator[Workspace]:
    with Workspace.open(study) as opened:
        yield opened


def judge(workspace: Workspace, notebook: str, name: str, *, dimensions: int = 9) -> None:
    """Keeps judgements of 100 tokens in 2 seconds each, behind a notebook of 1,000 tokens."""
    rubric, sha256 = workspace.rubric(), workspace.notebook(notebook).sha256
    for dimension in rubric.dimensions[:dimensions]:
        workspace._archive.save(
            Judgement(
                key=f"{name} {sha256} {dimension.id}",
                judge=name,
                notebook=sha256,
                rubric=rubric.id,
                rubric_sha256=rubric.sha256,
                dimension=dimension.id,
                probabilities={3: 1.0},
                expected=3.0,
                score=3,
                mass=1.0,
                cut=(),
                tokens=100,
                prefix_tokens=1000,
                seconds=2.0,
            )
        )


def hashes(workspace: Workspace, *names: str) -> frozenset[str]:
    return frozenset(workspace.notebook(name).sha256 for name in names)


def plain_name(workspace: Workspace) -> str:
    return judge_name("tiny", CARD.sha256, workspace.rubric(), DEFAULT_BUDGET, evidence=DEFAULT_EVIDENCE)


def test_nothing_was_judged(workspace: Workspace, library: Path) -> None:
    plan = plan_judging(workspace, workspace.rubric(), "tiny")
    assert (plan.model, plan.memory, plan.remark) == ("tiny", "", "")
    assert plan.missing == plan.unread == set(plan.notebooks) == hashes(workspace, "one", "two", "three", "four")
    assert plan.eta(plan.notebooks) is None


def test_a_notebook_counts_as_judged_when_every_dimension_is(workspace: Workspace, library: Path) -> None:
    judge(workspace, "one", plain_name(workspace))
    judge(workspace, "two", plain_name(workspace), dimensions=8)
    plan = plan_judging(workspace, workspace.rubric(), "tiny")
    assert plan.missing == hashes(workspace, "two", "three", "four")


def test_the_time_is_guessed_from_what_was_judged(workspace: Workspace, library: Path) -> None:
    judge(workspace, "one", plain_name(workspace))
    plan = plan_judging(workspace, workspace.rubric(), "tiny")
    # 1,000 tokens of the notebook and 9 × 100 of questions, 50 a second.
    assert plan.seconds == pytest.approx(38.0)
    assert plan.eta(plan.notebooks) == pytest.approx(3 * 38.0)
    assert plan.eta(hashes(workspace, "one")) == 0.0


def test_other_settings_of_the_model_tell_the_time_but_judge_nothing(workspace: Workspace, library: Path) -> None:
    judge(workspace, "one", "tiny@000000")
    judge(workspace, "two", "tinyer@000000")
    plan = plan_judging(workspace, workspace.rubric(), "tiny")
    assert len(plan.missing) == 4 and plan.seconds == pytest.approx(38.0)


def test_with_a_memory_both_judges_count(workspace: Workspace, library: Path) -> None:
    rubric = workspace.rubric()
    version = a_memory(workspace, rubric.sha256)
    naming = Naming(rubric, workspace.memory(version), DEFAULT_BUDGET, DEFAULT_EVIDENCE)
    for name in ("one", "two"):
        judge(workspace, name, plain_name(workspace))
    judge(workspace, "one", naming.judge_of("tiny", CARD.sha256))
    plan = plan_judging(workspace, rubric, None)
    assert (plan.model, plan.memory) == ("tiny", version)
    assert plan.missing == hashes(workspace, "two", "three", "four")
    assert plan.unread == hashes(workspace, "three", "four")
    assert plan.eta(plan.notebooks) == pytest.approx(2 * 38.0 + 3 * 18.0)


def test_a_model_that_the_memory_is_not_of_judges_without_it(workspace: Workspace, library: Path) -> None:
    (library / "mine.gguf").write_bytes(gguf(seed=5))
    version = a_memory(workspace, workspace.rubric().sha256)
    plan = plan_judging(workspace, workspace.rubric(), "mine")
    assert plan.memory == "" and version in plan.remark and "tiny" in plan.remark
    assert len(plan.missing) == 4  # the hash of the file is not known yet: nothing is taken for judged
