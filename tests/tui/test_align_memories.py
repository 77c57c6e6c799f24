"""Precedents and memory versions in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from nbalign.align.model import Precedent
from nbalign.align.retrieve import Neighbour
from nbalign.audit.model import Promise
from nbalign.errors import ModelError
from nbalign.evaluate.experiment.model import Interval
from nbalign.progress import Progress
from tests.tui.align_study import FOLDS, LEAK, RUBRIC, TRAINING, Study, click, hear, make_study, page, said, section
from tests.tui.conftest import Builder
from tests.tui.driving import board, opened, press, screen_text, sheet


@pytest.fixture
def study(build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    hear(monkeypatch)
    return make_study(build, tmp_path)


class Lookup:
    """Answers for `Workspace.neighbours_of`: the precedents of the memory, as they are."""

    def __init__(self, study: Study, precedents: Sequence[Precedent]) -> None:
        self.asked: list[str] = []
        self._study, self._precedents = study, precedents

    def __call__(
        self, notebook: str, dimensions: Sequence[str], *, progress: Any, **_: object
    ) -> Mapping[str, list[Neighbour]]:
        self.asked.append(self._study.workspace.names()[notebook])
        progress(Progress("reading notebooks", 1, 3, "notebooks"))
        near = [p for p in self._precedents if p.notebook != notebook]
        return {d: [Neighbour(p, 0.83, 0.5, 0.25, None) for p in near if p.dimension == d] for d in dimensions}


@pytest.fixture
def lookup(study: Study, monkeypatch: pytest.MonkeyPatch) -> Lookup:
    found = Lookup(study, study.memory().precedents)
    monkeypatch.setattr(study.workspace, "neighbours_of", found)
    return found


async def test_the_precedents_of_the_notebook_last_in_view_are_found_on_enter(study: Study, lookup: Lookup) -> None:
    async with opened(study.workspace, notebook="three.ipynb") as pilot:
        await press(pilot, "f5", "3")
        assert "three.ipynb A precedent is a settled case" in page(pilot)
        assert lookup.asked == []
        await press(pilot, "enter")
        assert lookup.asked == ["three.ipynb"]
        text = page(pilot)
        assert "0.83 one.ipynb: 1 bad [2] Everything is scaled at once." in text
        assert "meaning 0.50 · words 0.25 · no facts" in text
        await press(pilot, "k", "j")
        assert "0.83 one.ipynb" in page(pilot)
        assert lookup.asked == ["three.ipynb"]  # what was found is not looked up again
        await press(pilot, "f2", "[", "f5")
        assert "two.ipynb A precedent is" in page(pilot)


async def test_a_precedent_that_the_rater_has_not_scored_is_hidden_and_one_leads_to_its_cell(
    study: Study, lookup: Lookup
) -> None:
    async with opened(study.workspace, notebook="three.ipynb") as pilot:
        await press(pilot, "f5", "3", "enter")
        text = page(pilot)
        assert "two.ipynb ▒ score and words hidden until you have scored it here" in text
        assert "Secret" not in screen_text(pilot)
        await press(pilot, "enter", "G", "R")
        assert "two.ipynb: 1 bad [3] Secret words of ben." in page(pilot)
        await press(pilot, "R", "enter")
        assert board(pilot).queue.info.name == "two.ipynb"
        assert sheet(pilot).dimension.id == TRAINING
        assert board(pilot).cells.current == 1  # which cell others cited stays hidden
        await press(pilot, "f5", "k")
        await click(pilot, "three.ipynb")
        await click(pilot, "Everything is scaled")
        assert board(pilot).queue.info.name == "one.ipynb"
        assert board(pilot).cells.current == 2


async def test_a_notebook_is_chosen_by_words_and_what_fails_is_told(
    study: Study, lookup: Lookup, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(study.workspace) as pilot:
        await press(pilot, "f5", "3", "slash", *"two", "enter")
        assert "1 notebook · “two”" in screen_text(pilot)

        def fail(*_: object, **__: object) -> None:
            raise ModelError("the model is gone", "Pull it.")

        monkeypatch.setattr(study.workspace, "neighbours_of", fail)
        await press(pilot, "enter")
        assert "The precedents cannot be looked up. the model is gone" in said(pilot)
        monkeypatch.setattr(study.workspace, "neighbours_of", lookup)
        await press(pilot, "enter")
        assert lookup.asked == ["two.ipynb"]
        assert "0.83 one.ipynb" in page(pilot)


async def test_precedents_are_really_looked_up_without_a_model(study: Study) -> None:
    study.memory()
    async with opened(study.workspace, notebook="three.ipynb") as pilot:
        await press(pilot, "f5", "3", "enter")
        assert "one.ipynb: 1 bad [2] Everything is scaled at once." in page(pilot)


# -- versions


async def test_a_version_is_shown_in_full_with_what_changed_since_the_one_it_followed(study: Study) -> None:
    first = study.memory(study.guideline(LEAK))
    study.workspace.decide_guidelines("accept", [study.guideline(LEAK).id])
    now = study.memory(
        study.guideline(LEAK), study.guideline(FOLDS), parent=first.version, at="2026-01-03T10:00:00+00:00"
    )
    async with opened(study.workspace) as pilot:
        await press(pilot, "f5", "4")
        text = page(pilot)
        assert f"From {first.version} to {now.version}" in text
        assert f"+ Model Training: {FOLDS} (proposed)" in text
        assert f"~ Model Training: {LEAK} (proposed → accepted)" in text
        assert "2 labels, of which 2 led to no guideline · 2 guidelines in force · 2 precedents" in text
        assert "✔ on Model Training It is nearer than the judge." in text
        assert "nbalign evaluate" in text
        row = next(line for line in screen_text(pilot).split("\n") if now.version in line)
        assert row.split()[:6] == [now.version, "2026-01-03", "10:00", "2", "2", "1/2"]
        await press(pilot, "d")
        assert LEAK not in page(pilot)
        await press(pilot, "D", "j")
        assert "Nothing to compare it with" in page(pilot)


async def test_any_two_versions_are_compared_whichever_is_marked(study: Study) -> None:
    old = study.memory(study.guideline(LEAK), at="2026-01-01T10:00:00+00:00")
    study.memory(study.guideline(LEAK), parent=old.version, at="2026-01-02T10:00:00+00:00")
    new = study.memory(study.guideline(FOLDS), parent="gone", at="2026-01-03T10:00:00+00:00")
    async with opened(study.workspace) as pilot:
        await press(pilot, "f5", "4")
        assert "Nothing to compare it with" in page(pilot)
        await press(pilot, "enter", "G")
        assert f"◆ {new.version}" in screen_text(pilot)
        assert f"From {old.version} to {new.version}" in page(pilot)
        assert f"+ Model Training: {FOLDS}" in page(pilot)
        assert f"- Model Training: {LEAK}" in page(pilot)
        await click(pilot, new.version)
        await click(pilot, new.version)
        assert "◆" not in screen_text(pilot)
        await click(pilot, old.version)
        await press(pilot, "enter", "g")
        assert f"From {old.version} to {new.version}" in page(pilot)


async def test_a_promise_is_named_over_all_and_by_dimension(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = study.memory()
    promise = Promise("exp1", "", "full", {"": Interval(0.31, 0.2, 0.4), TRAINING: Interval(0.5, 0.4, 0.6)})
    monkeypatch.setattr(study.workspace, "promises", lambda rubric: {memory.version: promise})
    async with opened(study.workspace) as pilot:
        await press(pilot, "f5", "4")
        assert "unseen notebooks: MAE 0.31 (0.20 to 0.40), experiment exp1." in page(pilot)
        assert "Model Training · MAE 0.50 (0.40 to 0.60)" in page(pilot)
        assert "0.31" in next(line for line in screen_text(pilot).split("\n") if memory.version in line)


async def test_a_damaged_version_says_so_and_the_others_are_read(study: Study) -> None:
    good = study.memory(study.guideline(LEAK))
    bad = study.memory(study.guideline(FOLDS), parent=good.version, at="2026-01-03T10:00:00+00:00")
    with study.workspace._store.write() as db:
        db.conn.execute("UPDATE memories SET content = '{}' WHERE version = ?", [bad.version])
    async with opened(study.workspace) as pilot:
        await press(pilot, "f5", "4")
        assert "It cannot be read: the memory" in page(pilot)
        await press(pilot, "j")
        assert section(pilot).at == 1
        assert f"memory {good.version} · the first" in page(pilot)


def test_a_workspace_promises_nothing_without_experiments(study: Study) -> None:
    study.memory()
    assert study.workspace.promises(RUBRIC) == {}
