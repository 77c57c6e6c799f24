"""Whole sessions of experts, with a real, small model whose opinions do not matter: once by keys, once by the mouse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from nbalign.jobs.choosing import chosen_model
from nbalign.labels.model import Label
from nbalign.tui.models.reading import read_shelf
from nbalign.workspace import Workspace
from tests.conftest import SMALL
from tests.tui.conftest import Builder
from tests.tui.driving import opened
from tests.tui.hands import Hands, Keyboard, Mouse
from tests.tui.small_study import FIRST, SECOND, write_notebooks

pytestmark = [pytest.mark.model, pytest.mark.usefixtures("small_model")]

SCORES = (3, 2, 2, 3, 2, 2, 3, 1, 2)  # what ann gives to the first notebook
WHY = ("No package is pinned.", "Versions are missing.")  # in two lines
DISPUTED, DISPUTED_TITLE = "library_installation", "Library Installation"


@pytest.fixture
def workspace(build: Builder, tmp_path: Path) -> Workspace:
    return build(*write_notebooks(tmp_path))


@asynccontextmanager
async def seated(workspace: Workspace, hands: type[Hands], name: str) -> AsyncIterator[Hands]:
    """The terminal, opened by somebody who says who they are."""
    async with opened(workspace, rater=None, size=hands.SIZE) as pilot:
        expert = hands(pilot)
        await expert.enter_name(name)
        await expert.seated(name)
        yield expert


def label(workspace: Workspace, rater: str, dimension: str = DISPUTED, notebook: str = FIRST) -> Label:
    (found,) = workspace.labels(notebook=notebook, rater=rater, dimension=dimension, role="rater")
    return found


def dimensions_of(workspace: Workspace) -> set[str]:
    return {dimension.id for dimension in workspace.rubric().dimensions}


def opinion(workspace: Workspace, dimension: str) -> int:
    (found,) = workspace.judgements(notebook=FIRST, dimension=dimension)
    return found.score


def marks(workspace: Workspace, notebook: str) -> set[str]:
    return workspace.flags("ann").get(workspace.notebook(notebook).sha256, set())


async def scores_everything_and_says_why(expert: Hands, workspace: Workspace) -> None:
    dimensions = [dimension.id for dimension in workspace.rubric().dimensions]
    for done, score in enumerate(SCORES):
        await expert.score(score)
        assert expert.text.count(" ✔") == done + 1, f"the score of {dimensions[done]} does not show as saved"
        assert label(workspace, "ann", dimensions[done]).score == score
    expert.sees("1/2 labelled")
    await expert.dimension(1, DISPUTED_TITLE)
    await expert.cite(2)
    await expert.do("why", "e")
    await expert.say("\n".join(WHY))
    expert.sees("✎ 3 ✔", *WHY)
    said = label(workspace, "ann")
    assert (said.justification, said.cells) == ("\n".join(WHY), (2,))


async def undoes_and_redoes(expert: Hands, workspace: Workspace) -> None:
    await expert.do("undo", "u")
    assert label(workspace, "ann").justification == ""
    expert.sees_nothing_of(*WHY)
    await expert.redo()
    assert label(workspace, "ann").justification == "\n".join(WHY)
    expert.sees("✎ 3 ✔", *WHY)


async def flags_skips_and_comes_back(expert: Hands, workspace: Workspace) -> None:
    await expert.do("flag", "f")
    expert.sees("1 flagged")
    assert marks(workspace, FIRST) == {"flagged"}
    await expert.notebook(SECOND)
    await expert.do("skip", "s")
    expert.sees("1 flagged · 1 skipped")
    assert marks(workspace, SECOND) == {"skipped"}
    await expert.do("skip", "s")
    expert.sees_nothing_of("1 skipped")
    assert marks(workspace, SECOND) == set()
    await expert.score(1)
    assert label(workspace, "ann", notebook=SECOND).score == 1


async def finds_everything_again(expert: Hands, workspace: Workspace) -> None:
    if f"{FIRST}.ipynb" not in expert.text:
        await expert.notebook(FIRST)
    expert.sees("1/2 labelled · 1 flagged")
    assert expert.text.count(" ✔") >= len(SCORES)
    await expert.dimension(1, DISPUTED_TITLE)
    expert.sees("✎ 3 ✔", *WHY)
    await undoes_and_redoes(expert, workspace)  # what was done before the restart


async def is_told_nothing_before_scoring(expert: Hands) -> None:
    """Everything said so far was said by ann; the one who sits here now is another one."""
    for room in ("review", "adjudicate", "align", "evaluate", "models", "label"):
        await expert.room(room)
        expert.sees_nothing_of(*WHY, "rater: ann")
    expert.sees("0/2 labelled")
    expert.sees_nothing_of("✔", "flagged")


async def scores_otherwise(expert: Hands, workspace: Workspace) -> None:
    await expert.score(1)
    await expert.score(2)
    assert [each.score for each in workspace.labels(rater="bob")] == [1, 2]
    assert label(workspace, "ann").score == 3, "nobody's score touches another one's"


async def has_the_model_judge(expert: Hands, workspace: Workspace) -> None:
    await expert.room("models")
    names = [model.name for model in read_shelf(workspace, workspace.rubric()).models]
    await expert.pick(f" {SMALL} ", names.index(SMALL))
    await expert.do("choose", "Enter")
    expert.sees(f"▶ ✔ {SMALL}")
    assert chosen_model(workspace) == SMALL
    await expert.do("judge", "J")
    expert.sees(f"Judge with {SMALL}", "without a memory")
    await expert.choose(f"the notebook last in view: {FIRST}", 1)
    await expert.work_ended("judge", "9 new scores")
    assert {each.dimension for each in workspace.judgements(notebook=FIRST)} == dimensions_of(workspace)
    assert not workspace.judgements(notebook=SECOND)


async def sees_the_judge_only_after_scoring(expert: Hands, workspace: Workspace) -> None:
    await expert.room("label")
    await expert.dimension(3, "Data Imputation")
    expert.sees_nothing_of("◀ judge", "shows the judge")
    judged = opinion(workspace, "data_imputation")
    mine = 2 if judged != 2 else 1
    await expert.score(mine)
    await expert.dimension(3, "Data Imputation")
    await expert.reveal()
    expert.sees("◀ judge", f"≠ you say {mine}, the judge {judged}: a line of why (e) helps")
    assert label(workspace, "bob", "data_imputation").score == mine


async def answers_the_judge(expert: Hands, workspace: Workspace) -> None:
    await expert.room("review")
    pairs = workspace.reviewed("bob")
    assert {pair.dimension for pair in pairs} == {each.dimension for each in workspace.labels(rater="bob")}
    furthest = pairs[0]
    assert furthest.apart
    expert.sees(f"≠ you say {furthest.mine.score}, the judge {furthest.judgement.score}", "no words yet")
    await expert.do("why", "e")
    await expert.say("The judge overlooks cell 2.")
    expert.sees("The judge overlooks cell 2.")
    assert label(workspace, "bob", furthest.dimension).justification == "The judge overlooks cell 2."


async def settles_what_is_disputed(expert: Hands, workspace: Workspace) -> None:
    await expert.room("adjudicate")
    expert.sees(f"{FIRST}.ipynb · {DISPUTED_TITLE}", "ann", "bob (you)", *WHY, "none yet: a digit decides")
    await expert.score(2)
    await expert.say("A version is missing, but nothing breaks.")
    await expert.cite_cited("cited by ann")
    expert.sees("2 ✔", "A version is missing, but nothing breaks.", "cited by ann · your decision")
    (decision,) = workspace.labels(role="decision")
    assert (decision.rater, decision.dimension, decision.score) == ("bob", DISPUTED, 2)
    assert (decision.justification, decision.cells) == ("A version is missing, but nothing breaks.", (2,))
    assert label(workspace, "ann").score == 3, "a decision leaves the scores as they are"


async def lets_the_judge_learn(expert: Hands, workspace: Workspace) -> None:
    await expert.room("align")
    await expert.pick(DISPUTED_TITLE, 1)
    await expert.do("align", "A")
    expert.sees("Let the judges learn?", f"Model: {SMALL}")
    await expert.choose(f"{DISPUTED_TITLE} alone", 1)
    await expert.work_ended("align", "is the latest now")
    memory = workspace.memory()
    assert memory.model == SMALL
    assert {one.dimension for one in memory.precedents} == {DISPUTED}


async def decides_on_guidelines(expert: Hands, workspace: Workspace) -> None:
    await expert.section(2, "Guidelines")
    proposed = [one for one in workspace.guidelines() if one.state == "proposed"]
    if proposed:  # what so small a model makes of two sentences is nobody's promise
        await expert.do("accept", "a")
        assert sum(one.state == "accepted" for one in workspace.guidelines()) == 1
    else:
        await expert.do("new", "n")
        await expert.enter_guideline("Score 2 when a version is not pinned.")
        assert [one.state for one in workspace.guidelines()] == ["written"]
    await expert.do("edit", "e")
    await expert.enter_guideline(" Cite the cell.")
    (edited,) = [one for one in workspace.guidelines() if one.text.endswith("Cite the cell.")]
    assert edited.dimension == DISPUTED
    expert.sees("Cite the cell.")


async def proves_it_by_an_experiment(expert: Hands, workspace: Workspace) -> None:
    await expert.room("evaluate")
    await expert.do("start", "E")
    expert.sees("Start an experiment")
    await expert.fill_in_experiment(len(SCORES))
    await expert.work_ended("experiment", "in 2 folds")
    experiment = workspace.experiments().latest(workspace.rubric().id)
    assert experiment is not None
    assert (experiment.arms, experiment.fold_count) == (("constant",), 2)
    assert {each.dimension for each in experiment.predictions} == {DISPUTED}
    expert.sees(DISPUTED_TITLE, "constant")
    await expert.open_row(DISPUTED_TITLE)
    expert.sees(FIRST)
    expert.sees_nothing_of(SECOND)  # bob has not scored it
    await expert.open_row(f"{FIRST}.ipynb  ")
    expert.sees("≡ Label", f"{FIRST}.ipynb", f"▶ 1 {DISPUTED_TITLE}")


async def leaves(expert: Hands, workspace: Workspace) -> None:
    await expert.do("quit", "q")
    assert not expert.pilot.app.is_running


async def whole_story(workspace: Workspace, hands: type[Hands]) -> None:
    async with seated(workspace, hands, "ann") as ann:
        await scores_everything_and_says_why(ann, workspace)
        await undoes_and_redoes(ann, workspace)
        await flags_skips_and_comes_back(ann, workspace)
        await leaves(ann, workspace)
    async with seated(workspace, hands, "ann") as ann:
        await finds_everything_again(ann, workspace)
        await ann.change_rater("bob")
        bob = ann
        await is_told_nothing_before_scoring(bob)
        await scores_otherwise(bob, workspace)
        await has_the_model_judge(bob, workspace)
        await sees_the_judge_only_after_scoring(bob, workspace)
        await answers_the_judge(bob, workspace)
        await settles_what_is_disputed(bob, workspace)
        await lets_the_judge_learn(bob, workspace)
        await decides_on_guidelines(bob, workspace)
        await proves_it_by_an_experiment(bob, workspace)
        await leaves(bob, workspace)


@pytest.mark.timeout(600)
async def test_a_whole_session_by_keys_alone(workspace: Workspace) -> None:
    await whole_story(workspace, Keyboard)


@pytest.mark.timeout(600)
async def test_a_whole_session_by_the_mouse(workspace: Workspace) -> None:
    await whole_story(workspace, Mouse)
