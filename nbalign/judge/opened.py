"""A loaded model that judges under one rubric, with everything that asks it short questions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbalign.judge.judge import Judge
from nbalign.judge.probing import ProbeArchive, Prober
from nbalign.judge.session import JudgeOptions, cancelling, choose_model
from nbalign.judge.taught import Taught
from nbalign.llm import identity
from nbalign.llm.client import EngineClient
from nbalign.progress import OnProgress, Progress, silent
from nbalign.rubrics.model import Rubric
from nbalign.store.database import Store


@dataclass(frozen=True, slots=True)
class OpenJudge:
    """A judge whose model is loaded.

    Attributes:
        engine: The model.
        judge: The unaligned judge; it reads notebooks for the others too.
        taught: Makes its questions with a memory's words.
        prober: Asks, and keeps the answers.
        model: The model's name.
        model_sha256: Its hash.
        path: Its file.
    """

    engine: EngineClient
    judge: Judge
    taught: Taught
    prober: Prober
    model: str
    model_sha256: str
    path: Path


@contextmanager
def open_judge(
    store: Store,
    cache: Path,
    rubric: Rubric,
    options: JudgeOptions,
    progress: OnProgress = silent,
    cancel: threading.Event | None = None,
) -> Iterator[OpenJudge]:
    """Loads a model for as long as the block runs.

    Args:
        store: Where answers are kept.
        cache: Folder for parked prefixes and what models turned out to be.
        rubric: The rubric.
        options: Model, budget and engine settings.
        progress: Told about the loading.
        cancel: Set it to stop the evaluation under way, which then raises `Cancelled`.

    Raises:
        ModelError: If the model is missing, damaged or does not load.
    """
    model = choose_model(options.model, progress)
    settings = options.settings()
    progress(Progress(f"loading {model.name}", 0, 0, "tokens"))
    with EngineClient(model.path, model.sha256, settings, cache / "kv", options.park_bytes) as engine:
        identity.remember(cache / "engines.json", model.sha256, settings, engine.info)
        judge = Judge(engine, model.name, model.sha256, rubric, options.budget, options.evidence)
        made = {"model_sha256": model.sha256, **{f"engine.{k}": v for k, v in engine.info.settings.items()}}
        with cancelling(cancel, engine):
            yield OpenJudge(
                engine=engine,
                judge=judge,
                taught=Taught(engine, rubric),
                prober=Prober(engine, ProbeArchive(store), made),
                model=model.name,
                model_sha256=model.sha256,
                path=model.path,
            )
