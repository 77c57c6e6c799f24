"""How every room and the main dialogs look: compared with the pictures in `__snapshots__`, character by character.

Where a picture changed on purpose: look at it (`snapshot_report.html` shows both), then `pytest --snapshot-update`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from nbalign.tui.actions import ROOMS
from tests.tui.sample_study import make_studies
from tests.tui.scenes import DARK, LIGHT, MORE, SCENES, Scene, play, staged

Snap = Callable[..., bool]
SIZES = {"80x24": (80, 24), "120x40": (120, 40), "200x60": (200, 60)}

themes = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
sizes = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studies")
    make_studies(folder)
    return folder


@pytest.fixture(autouse=True)
def facts() -> None:
    """Facts are read off the notebooks here, as they are for raters."""


@themes
@sizes
@pytest.mark.parametrize("room", SCENES)
def test_a_room(
    snap_compare: Snap, studies: Path, tmp_path: Path, room: str, size: tuple[int, int], theme: str
) -> None:
    assert _looks(snap_compare, SCENES[room], studies, tmp_path, size, theme)


@themes
@pytest.mark.parametrize("name", MORE)
def test_a_dialog_or_another_view(snap_compare: Snap, studies: Path, tmp_path: Path, name: str, theme: str) -> None:
    assert _looks(snap_compare, MORE[name], studies, tmp_path, SIZES["120x40"], theme)


def test_every_room_has_a_scene() -> None:
    assert list(SCENES) == [room.id for room in ROOMS]


def _looks(snap: Snap, scene: Scene, studies: Path, folder: Path, size: tuple[int, int], theme: str) -> bool:
    with staged(scene, studies, folder, theme) as app:
        return snap(app, terminal_size=size, run_before=partial(play, scene))
