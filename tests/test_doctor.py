"""The doctor: every state it can report, from real files and child processes."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nbalign import doctor
from nbalign.cli.main import nbalign
from nbalign.doctor import capacity, engine, surroundings
from nbalign.doctor.check import Check
from nbalign.doctor.engine import Build
from nbalign.llm.library import ModelLibrary
from nbalign.llm.machine import Memory, Processors
from nbalign.llm.manifest import ModelCard
from nbalign.store.database import Store

GB = 1_000_000_000
ROOMY = Memory(64 * GB, 60 * GB)


class Terminal(io.StringIO):
    """A stdout that claims to be a terminal and has no size."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class SizedTerminal(Terminal):
    """One with a descriptor, whose size can be asked."""

    def fileno(self) -> int:
        return 1


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def gguf(path: Path, size: int) -> Path:
    """A file with a GGUF header, version 3, no tensors and no fields, padded to a size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((b"GGUF" + (3).to_bytes(4, "little") + bytes(16)).ljust(size, b"\0"))
    return path


def card(name: str, size: int, sha256: str = "") -> ModelCard:
    sha256 = sha256 or hashlib.sha256(name.encode()).hexdigest()
    return ModelCard(name, f"{name}.gguf", size, sha256, "Apache-2.0", "for tests", url="https://example.org/x")


def by_name(checks: tuple[Check, ...]) -> dict[str, Check]:
    return {check.name: check for check in checks}


# -- the build of llama.cpp ---------------------------------------------------------------------------------------


def test_the_installed_build_is_asked_in_a_child() -> None:
    before = set(sys.modules)
    build = engine.ask_build()
    assert build.problem == ""
    assert build.version.count(".") == 2
    assert engine.llama_cpp(build).state in ("ok", "warn")
    assert "llama_cpp" not in set(sys.modules) - before


def test_a_file_called_llama_cpp_in_the_current_folder_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "llama_cpp.py").write_text("raise SystemExit('taken from the current folder')")
    monkeypatch.chdir(tmp_path)
    assert engine.ask_build().problem == ""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "another processor"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("raise ImportError('libgomp.so.1: not there')", "libgomp.so.1"),
        ("print('not JSON')", "not JSON"),
        ("print(5)", "cannot be imported"),
        ("pass", "no word why"),
    ],
)
def test_a_broken_build_becomes_a_finding_with_the_way_out(code: str, words: str) -> None:
    check = engine.llama_cpp(engine.ask_build(python(code)))
    assert check.state == "missing"
    assert words in check.finding
    assert "--no-cache-dir" in check.advice


def test_a_build_that_hangs_is_given_up() -> None:
    build = engine.ask_build(python("import time; time.sleep(60)"), seconds=0.2)
    assert "did not end" in build.problem


def test_noise_before_the_answer_is_passed_over() -> None:
    said = json.dumps({"version": "1.2.3", "features": "CPU : AVX = 1 | FMA = 0 | OPENMP = 1 | ", "gpu": True})
    build = engine.ask_build(python(f"print('ggml: hello'); print({said!r})"))
    assert build == Build(version="1.2.3", features="AVX, OPENMP", gpu=True)


def test_no_such_python() -> None:
    assert "cannot be asked" in engine.ask_build(["/nowhere/python"]).problem


def test_a_gpu_that_the_build_cannot_use_gets_the_command_that_helps() -> None:
    check = engine.gpu(Build(version="1.0.0"), "NVIDIA A10, 24 GiB")
    assert check.state == "warn"
    assert "-DGGML_CUDA=on" in check.advice
    assert sys.executable in check.advice


@pytest.mark.parametrize(
    ("build", "found"),
    [(Build(version="1.0.0"), None), (Build(version="1.0.0", gpu=True), None), (Build(gpu=True), "NVIDIA A10")],
)
def test_a_gpu_that_is_used_or_not_there_needs_no_advice(build: Build, found: str | None) -> None:
    check = engine.gpu(build, found)
    assert (check.state, check.advice) == ("ok", "")


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("echo 'NVIDIA A10, 23028 MiB'; echo 'NVIDIA A10, 23028 MiB'", "NVIDIA A10, 23028 MiB; NVIDIA A10, 23028 MiB"),
        ("echo 'no devices were found'; exit 6", None),
        ("exit 0", None),
    ],
)
def test_nvidia_smi_is_believed_only_when_it_succeeds(tmp_path: Path, script: str, found: str | None) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    assert engine.ask_nvidia(str(program)) == found


# -- threads, memory, models ----------------------------------------------------------------------------------------


def test_threads_tell_what_bounds_them() -> None:
    check = capacity.processors(Processors(logical=16, allowed=8, cores=4, quota=2.5))
    assert check.finding.startswith("2 threads judge")
    for part in ("16 logical CPUs", "8 allowed", "4 cores", "quota of 2.5"):
        assert part in check.finding
    assert capacity.processors(Processors(1, 1, None, None)).state == "warn"


def test_no_model_blocks_judging_and_says_how_to_get_one(tmp_path: Path) -> None:
    library = ModelLibrary([tmp_path / "models"], (card("good", 1000), card("small", 10)))
    checks = by_name(capacity.models(library, ROOMY, 4, gpu=False))
    assert checks["Models"].state == "missing"
    assert "nbalign models pull good" in checks["Models"].advice
    assert "not pulled" in checks["model good"].finding
    assert checks["model good"].state == "ok", "a model that can still be had is no fault"


def test_a_model_that_is_there_and_fits(tmp_path: Path) -> None:
    gguf(tmp_path / "good.gguf", 1000)
    checks = by_name(capacity.models(ModelLibrary([tmp_path], (card("good", 1000),)), ROOMY, 4, gpu=False))
    assert checks["Models"].state == "ok"
    assert "good" in checks["Models"].finding
    assert checks["model good"].state == "ok"


def test_a_model_of_ones_own_is_enough(tmp_path: Path) -> None:
    gguf(tmp_path / "mine.gguf", 1000)
    checks = by_name(capacity.models(ModelLibrary([tmp_path], (card("good", 1000),)), ROOMY, 4, gpu=False))
    assert checks["Models"].state == "ok"
    assert "mine" in checks["Models"].finding


def test_a_model_larger_than_the_available_memory_warns(tmp_path: Path) -> None:
    gguf(tmp_path / "good.gguf", 1000)
    checks = by_name(capacity.models(ModelLibrary([tmp_path], (card("good", 1000),)), Memory(GB, 999), 4, gpu=False))
    assert checks["model good"].state == "warn"
    assert "larger than the available memory" in checks["model good"].finding


def test_a_model_larger_than_the_disk_warns(tmp_path: Path) -> None:
    huge = 10**18
    checks = by_name(capacity.models(ModelLibrary([tmp_path], (card("good", huge),)), ROOMY, 4, gpu=False))
    assert checks["model good"].state == "warn"
    assert "do not fit on the disk" in checks["model good"].finding


def test_a_damaged_model_is_no_model(tmp_path: Path) -> None:
    gguf(tmp_path / "good.gguf", 900)
    checks = by_name(capacity.models(ModelLibrary([tmp_path], (card("good", 1000),)), ROOMY, 4, gpu=False))
    assert checks["Models"].state == "missing"
    assert checks["model good"].state == "warn"
    assert str(tmp_path / "good.gguf") in checks["model good"].finding


# -- the workspace --------------------------------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "study" / surroundings.DATABASE
    Store.create(path).close()
    return path


def test_a_sound_workspace(database: Path) -> None:
    check = surroundings.workspace(database.parent)
    assert check.state == "ok"
    assert "whole" in check.finding


def test_the_doctor_changes_nothing_in_the_workspace(database: Path) -> None:
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    surroundings.workspace(database.parent)
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before


def test_no_workspace_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert surroundings.find_workspace(None) is None
    check = surroundings.workspace(None)
    assert check.state == "warn"
    assert "nbalign init" in check.advice


def test_the_workspace_above_the_current_folder_is_found(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = database.parent / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert surroundings.find_workspace(None) == database.parent
    assert surroundings.find_workspace(deep) == deep, "a named folder is taken as it is"


def test_a_named_workspace_that_is_not_there(tmp_path: Path) -> None:
    assert surroundings.workspace(tmp_path / "nowhere").state == "missing"


def test_a_damaged_workspace(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    content = bytearray(database.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    database.write_bytes(content)
    assert surroundings.workspace(database.parent).state == "missing"


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / surroundings.DATABASE).write_text("not a database " * 100)
    check = surroundings.workspace(tmp_path)
    assert check.state == "missing"
    assert check.advice


def test_a_workspace_from_a_newer_version(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version=999")
    connection.close()
    check = surroundings.workspace(database.parent)
    assert check.state == "missing"
    assert "newer" in check.finding


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_workspace_that_may_not_be_written(database: Path) -> None:
    database.chmod(0o444)
    check = surroundings.workspace(database.parent)
    assert check.state == "warn"
    assert "may not write" in check.finding


# -- terminal and network -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "name", "words"),
    [
        ({"COLORTERM": "truecolor"}, "Colours", "16 million"),
        ({"TERM": "xterm-256color"}, "Colours", "256"),
        ({"TERM": "vt100"}, "Colours", "16 or fewer"),
        ({"COLORTERM": "truecolor", "NO_COLOR": "1"}, "Colours", "NO_COLOR"),
        ({"TERM": "xterm-kitty"}, "Pictures", "kitty"),
        ({"KITTY_WINDOW_ID": "1"}, "Pictures", "kitty"),
        ({"TERM": "foot"}, "Pictures", "sixel"),
        ({"TERM": "xterm", "TERM_PROGRAM": "WezTerm"}, "Pictures", "sixel"),
        ({"TERM": "xterm"}, "Pictures", "half-blocks"),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux-0/default"}, "Pictures", "tmux"),
        ({"TERM": "xterm", "TMUX": "x"}, "Terminal", "inside tmux"),
        ({"TERM": "xterm", "SSH_CONNECTION": "x"}, "Terminal", "over ssh"),
    ],
)
def test_what_the_environment_tells_of_the_terminal(env: dict[str, str], name: str, words: str) -> None:
    assert words in by_name(surroundings.terminal(env, Terminal()))[name].finding


def test_output_into_a_pipe_is_no_fault() -> None:
    check = by_name(surroundings.terminal({}, io.StringIO()))["Terminal"]
    assert check.state == "ok"
    assert "not a terminal" in check.finding


@pytest.mark.parametrize(
    ("columns", "lines", "term", "state"),
    [(160, 50, "xterm", "ok"), (80, 24, "xterm", "warn"), (160, 20, "xterm", "warn"), (160, 50, "dumb", "warn")],
)
def test_a_terminal_of_this_size(
    monkeypatch: pytest.MonkeyPatch, columns: int, lines: int, term: str, state: str
) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((columns, lines)))
    check = by_name(surroundings.terminal({"TERM": term}, SizedTerminal()))["Terminal"]
    assert f"{columns} × {lines}" in check.finding
    assert check.state == state


def test_a_terminal_that_does_not_tell_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((0, 0)))
    for stdout in (Terminal(), SizedTerminal()):
        check = by_name(surroundings.terminal({"TERM": "xterm"}, stdout))["Terminal"]
        assert check.state == "warn"
        assert "size unknown" in check.finding


def test_letters_that_are_not_utf_8_warn() -> None:
    latin = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    assert by_name(surroundings.terminal({}, latin))["Letters"].state == "warn"
    modern = io.TextIOWrapper(io.BytesIO(), encoding="UTF-8")
    assert by_name(surroundings.terminal({}, modern))["Letters"].state == "ok"


@pytest.mark.parametrize(
    ("first", "state", "words"),
    [("pass", "warn", "no guard"), ("offline.install()", "ok", "refused by the guard")],
)
def test_the_network_line_tells_whether_the_guard_is_up(first: str, state: str, words: str) -> None:
    # In a process of its own, because the guard cannot be taken away again.
    code = f"""
from nbalign import offline
from nbalign.doctor import surroundings
{first}
check = surroundings.network()
print(check.state, check.finding)
"""
    done = subprocess.run(python(code), capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith(f"{state} nbalign opens no connection except for `models pull`")
    assert words in done.stdout
    assert "interfaces: " in done.stdout


# -- the whole ------------------------------------------------------------------------------------------------------


def test_hostile_names_cannot_steer_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    gguf(tmp_path / "models" / "evil\x1b]0;owned\x07\n.gguf", 100)
    env = {"TERM": "x\x1b[2J", "TERM_PROGRAM": "\x1b[31m"}
    checks = doctor.examine(
        library=ModelLibrary([tmp_path / "models"], (card("good", 1000),)), env=env, stdout=Terminal()
    )
    assert any("evil" in check.name for check in checks)
    assert all((check.name + check.finding + check.advice).isprintable() for check in checks)


def invoke(*args: str) -> Result:
    return CliRunner().invoke(nbalign, list(args))


def test_the_command_tells_signs_and_words_and_exits_1_without_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ModelLibrary, "default", lambda: ModelLibrary([tmp_path], (card("good", 1000),)))
    result = invoke("doctor")
    assert result.exit_code == 1
    assert "✘ missing  Models" in result.stdout
    assert "-> nbalign models pull good" in result.stdout
    gguf(tmp_path / "good.gguf", 1000)
    result = invoke("doctor")
    assert result.exit_code == 0, result.stdout
    assert "✔ ok       Models" in result.stdout
    assert "ready to judge" in result.stdout


def test_json_carries_every_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ModelLibrary, "default", lambda: ModelLibrary([tmp_path], (card("good", 1000),)))
    said = json.loads(invoke("doctor", "--json").stdout)
    assert said["usable"] is False
    assert {"Python", "llama.cpp", "Models", "Workspace", "Terminal", "Network"} <= {c["name"] for c in said["checks"]}
    assert set(said["checks"][0]) == {"name", "state", "finding", "advice"}


def test_a_terminal_without_utf_8_gets_plain_signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ModelLibrary, "default", lambda: ModelLibrary([tmp_path], (card("good", 1000),)))
    result = CliRunner(charset="ascii").invoke(nbalign, ["doctor"])
    assert result.exit_code == 1
    assert "x missing  Models" in result.stdout
