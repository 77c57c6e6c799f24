"""The small model in the engine, loaded once a module: reading is slow, so prefixes in these tests are short."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nbalign.llm.client import EngineClient
from nbalign.llm.library import ModelLibrary
from nbalign.llm.model import EngineSettings
from nbalign.llm.parking import DEFAULT_BOUND

MakeEngine = Callable[..., EngineClient]


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the engines of a module park prefixes."""
    return tmp_path_factory.mktemp("kv")


@pytest.fixture(scope="module")
def model_sha256(small_model: Path) -> str:
    return ModelLibrary.default().verify(small_model).sha256


@pytest.fixture(scope="module")
def make_engine(small_model: Path, model_sha256: str, park: Path) -> Iterator[MakeEngine]:
    """Starts workers with the small model and a short context; those left open are closed in the end."""
    started: list[EngineClient] = []

    def make(
        context: int = 512, park_folder: Path = park, park_bound: int = DEFAULT_BOUND, vocabulary_only: bool = False
    ) -> EngineClient:
        settings = EngineSettings(context=context, threads=2, batch=64)
        engine = EngineClient(
            small_model, model_sha256, settings, park_folder, park_bound, vocabulary_only=vocabulary_only
        )
        started.append(engine)
        return engine

    yield make
    for engine in started:
        engine.close()


@pytest.fixture(scope="module")
def engine(make_engine: MakeEngine) -> EngineClient:
    """One engine for a whole module. A test must leave it usable; what it has read before is not known."""
    return make_engine()
