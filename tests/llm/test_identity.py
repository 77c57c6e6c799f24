"""What an engine turned out to be is remembered, and never taken for something else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nbalign.llm.identity import recall, remember
from nbalign.llm.model import ChatFrame, EngineInfo, EngineSettings

SETTINGS = EngineSettings(context=2048, threads=2)
INFO = EngineInfo(
    description="llama 135M",
    context=2048,
    context_trained=8192,
    frame=ChatFrame("", "", ""),
    build="llama-cpp-python 0.0",
    device="cpu",
    gpu_layers=0,
    settings={"build": "llama-cpp-python 0.0 · AVX", "context": "2048", "threads": "2"},
)
MODEL = "a" * 64


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "engines.json"


def test_what_is_remembered_is_recalled(file: Path) -> None:
    assert recall(file, MODEL, SETTINGS) is None
    remember(file, MODEL, SETTINGS, INFO)
    assert recall(file, MODEL, SETTINGS) == INFO.settings
    remember(file, MODEL, SETTINGS, INFO)
    later = replace(INFO, settings={"build": "newer"})
    remember(file, MODEL, SETTINGS, later)
    assert recall(file, MODEL, SETTINGS) == {"build": "newer"}
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    "other",
    [
        replace(SETTINGS, context=4096),
        replace(SETTINGS, threads=3),
        replace(SETTINGS, batch=256),
        replace(SETTINGS, gpu_layers=0),
        replace(SETTINGS, flash_attention=False),
    ],
)
def test_other_settings_are_not_known(other: EngineSettings, file: Path) -> None:
    remember(file, MODEL, SETTINGS, INFO)
    assert recall(file, MODEL, other) is None


def test_another_model_or_other_visible_devices_are_not_known(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    remember(file, MODEL, SETTINGS, INFO)
    assert recall(file, "b" * 64, SETTINGS) is None
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert recall(file, MODEL, SETTINGS) is None


def test_another_build_of_the_library_is_not_known(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "llama_cpp"
    (package / "lib").mkdir(parents=True)
    (package / "__init__.py").touch()
    library = package / "lib" / "libllama.so"
    library.write_bytes(b"one")

    class Spec:
        submodule_search_locations = (str(package),)

    monkeypatch.setattr("importlib.util.find_spec", lambda _: Spec)
    remember(file, MODEL, SETTINGS, INFO)
    assert recall(file, MODEL, SETTINGS) == INFO.settings
    library.write_bytes(b"another")
    assert recall(file, MODEL, SETTINGS) is None
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)  # not installed at all
    assert recall(file, MODEL, SETTINGS) is None


def test_only_so_many_are_kept_and_the_oldest_go_first(file: Path) -> None:
    for n in range(60):
        remember(file, f"{n:064}", SETTINGS, INFO)
    known = [n for n in range(60) if recall(file, f"{n:064}", SETTINGS)]
    assert known == list(range(10, 60))


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"a": 1}', b"\xff\xfe", b"[" * 100_000],
    ids=lambda content: repr(content[:9]),
)
def test_a_damaged_file_is_as_good_as_none(content: bytes, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    assert recall(file, MODEL, SETTINGS) is None
    remember(file, MODEL, SETTINGS, INFO)
    assert recall(file, MODEL, SETTINGS) == INFO.settings


def test_a_folder_that_cannot_be_written_is_no_error(file: Path) -> None:
    file.parent.write_text("a file where the folder should be")
    remember(file, MODEL, SETTINGS, INFO)
    assert recall(file, MODEL, SETTINGS) is None
