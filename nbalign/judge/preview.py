"""What a judge would read of one notebook, without loading the model's weights."""

from __future__ import annotations

import tempfile
from pathlib import Path

from nbalign.judge.digest import Digest, digest
from nbalign.judge.session import DEFAULT_BUDGET, choose_model
from nbalign.llm.client import EngineClient
from nbalign.llm.model import EngineSettings
from nbalign.notebooks import read_file
from nbalign.notebooks.model import Notebook
from nbalign.progress import OnProgress, silent


def preview(
    notebook: Notebook, cache: Path, *, model: str | None, budget: int = DEFAULT_BUDGET, progress: OnProgress = silent
) -> Digest:
    """The digest of a notebook within a budget of this model's tokens.

    Only the model's vocabulary is loaded, in a worker of its own.

    Args:
        notebook: The notebook.
        cache: The workspace's cache folder.
        model: A model's name, file name or path; None takes the best that this machine holds.
        budget: Most tokens, at least 64.
        progress: Told about the checking of a model that was never checked.

    Raises:
        ModelError: If the model is missing or damaged.
    """
    chosen = choose_model(model, progress)
    settings = EngineSettings(threads=1)
    with EngineClient(chosen.path, chosen.sha256, settings, cache / "kv", 0, vocabulary_only=True) as engine:
        return digest(notebook, engine.count, budget)


def preview_file(
    path: Path, *, model: str | None, budget: int = DEFAULT_BUDGET, progress: OnProgress = silent
) -> Digest:
    """The digest of a notebook file that is in no workspace; the arguments and errors are those of `preview`.

    Raises:
        NotFound: If there is no such file.
        BadInput: If it cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        return preview(read_file(path)[1], Path(folder), model=model, budget=budget, progress=progress)
