"""The packaged rubric for forecasting notebooks: complete, distinct, and usable in workspaces older than itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from nbalign.errors import NotFound
from nbalign.rubrics.packaged import packaged
from nbalign.store.database import Store
from nbalign.workspace import Workspace

RUBRICS = {rubric.id: rubric for rubric in packaged()}
SERIES = RUBRICS["time-series"]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A workspace from a time when nbalign came with the nine dimensions alone, with one notebook."""
    (tmp_path / "sales.py").write_text("# %%\nprint('sales')\n")
    with Workspace.create(tmp_path / "old") as workspace:
        workspace.import_notebooks([tmp_path / "sales.py"])
    connection = sqlite3.connect(tmp_path / "old" / "nbalign.db")
    with connection:
        connection.execute("DELETE FROM rubrics WHERE id = 'time-series'")
    connection.close()
    return tmp_path / "old"


def test_every_level_of_every_dimension_has_words_of_its_own() -> None:
    assert 5 <= len(SERIES.dimensions) <= 7
    texts = [text for dimension in SERIES.dimensions for text in dimension.levels.values()]
    assert len(texts) == len(set(texts)) == 4 * len(SERIES.dimensions)
    assert all(len(text.split()) >= 4 for text in texts)


def test_it_is_scored_on_the_scale_of_the_default_rubric() -> None:
    assert SERIES.scale.levels == (1, 2, 3)
    assert SERIES.scale.not_applicable == 0
    assert [SERIES.scale.name(value) for value in SERIES.scale.values] == ["N/A", "bad", "average", "good"]


def test_a_dimension_is_short_enough_for_a_small_model() -> None:
    for dimension in SERIES.dimensions:
        assert sum(len(text.split()) for text in dimension.levels.values()) <= 120, dimension.id


def test_facts_about_other_dimensions_never_stand_beside_its_own() -> None:
    from nbalign.evaluate.evidence import speaks_of

    assert not {d.id for d in SERIES.dimensions} & {d.id for d in RUBRICS["ml-notebook"].dimensions}
    assert not speaks_of(SERIES)


def test_a_new_workspace_keeps_it_and_the_default_stays(ws: Workspace) -> None:
    assert ws.rubric().id == "ml-notebook"
    assert [rubric.id for rubric in ws.rubrics()] == ["ml-notebook", "time-series"]
    assert ws.rubric("time-series") == SERIES


def stored(folder: Path) -> list[str]:
    connection = sqlite3.connect(folder / "nbalign.db")
    found = [row[0] for row in connection.execute("SELECT id FROM rubrics ORDER BY rowid")]
    connection.close()
    return found


def test_an_old_workspace_can_use_it_and_keeps_it_from_then_on(old: Path) -> None:
    with Workspace.open(old) as workspace:
        assert workspace.rubric().id == "ml-notebook"
        assert [rubric.id for rubric in workspace.rubrics()] == ["ml-notebook", "time-series"]
        assert stored(old) == ["ml-notebook"]
        assert workspace.rubric(SERIES.sha256) == SERIES
        assert workspace.rubric("time-series") == SERIES
        assert stored(old) == ["ml-notebook", "time-series"]  # judgements refer to it
        workspace.set_label("sales", "backtesting", 1, rater="ann", rubric="time-series")
        assert [(each.rubric, each.score) for each in workspace.labels()] == [("time-series", 1)]
        assert workspace.rubric().id == "ml-notebook"


def test_a_workspace_that_cannot_be_written_can_show_it(old: Path) -> None:
    with Store.open(old / "nbalign.db", read_only=True) as store:
        assert Workspace(old, store).rubric("time-series") == SERIES
    assert stored(old) == ["ml-notebook"]


def test_a_rubric_of_ones_own_with_the_same_id_counts_before_the_packaged_one(old: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(SERIES.text.replace("title: Time-series forecasting notebook", "title: Ours"))
    with Workspace.open(old) as workspace:
        workspace.add_rubric(mine)
        assert workspace.rubric("time-series").title == "Ours"
        assert [rubric.title for rubric in workspace.rubrics() if rubric.id == "time-series"] == ["Ours"]


def test_other_names_are_as_unknown_as_before(old: Path) -> None:
    with Workspace.open(old) as workspace, pytest.raises(NotFound, match="no rubric 'time'"):
        workspace.rubric("time")
