"""What tests of all rooms share: the samples, the small model, a fresh workspace, and a clean environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from nbalign.llm.library import ModelLibrary

if TYPE_CHECKING:
    from nbalign.workspace import Workspace

SMALL = "smollm2-135m"

# No test may fail because the machine is busy: how long an example takes is nobody's promise.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def models_folder() -> Path:
    """The library that `make test` pulled the small model into. Tests must not write there."""
    return ModelLibrary.default().home


@pytest.fixture(scope="session")
def small_model(models_folder: Path) -> Path:
    """The smallest real model, a GGUF file whose hash is right."""
    library = ModelLibrary([models_folder, *ModelLibrary.default().folders])
    if library.locate(SMALL) is None:
        reason = f"{SMALL} is not in {models_folder}; get it with: nbalign models pull {SMALL}"
        if os.environ.get("CI"):
            pytest.fail(reason)  # there, a test that is skipped would look like one that passes
        pytest.skip(reason)
    return library.find(SMALL).path


@pytest.fixture(autouse=True)
def clean_environment(
    models_folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keeps the settings of whoever runs the tests out of them, and what tests write out of that person's folders."""
    for name in [name for name in os.environ if name.startswith("NBALIGN_")]:
        monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "KITTY_WINDOW_ID", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NBALIGN_MODELS", str(models_folder))
    home = tmp_path_factory.mktemp("home")
    for name in ("CACHE", "CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the graded sample notebooks."""
    return Path(__file__).parent.parent / "sample_notebooks"


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    """A new workspace with the packaged rubrics and nothing else."""
    # Imported here, so that a fault in one room does not keep the tests of the others from running.
    from nbalign.workspace import Workspace

    with Workspace.create(tmp_path / "ws") as workspace:
        yield workspace
