"""Errors become words and exit codes, in any locale, with any reader, and nothing in them commands the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbalign import errors
from nbalign.__main__ import main
from nbalign.workspace import Workspace
from tests.cli.conftest import ROOT, Nbalign
from tests.notebooks.build import code, notebook

CODES = {
    errors.NbalignError: 1,
    errors.UsageError: 2,
    errors.NotFound: 2,
    errors.BadInput: 3,
    errors.ModelError: 4,
    errors.StoreError: 5,
    errors.Cancelled: 130,
    errors.GeneratorError: 3,
    errors.SandboxError: 6,
}


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(_self: object) -> None:
        raise error

    monkeypatch.setattr(Workspace, "notebooks", fail)


@pytest.mark.parametrize("kind", CODES)
def test_each_kind_of_error_has_its_exit_code(
    kind: type[errors.NbalignError], nbalign: Nbalign, monkeypatch: pytest.MonkeyPatch
) -> None:
    raising(monkeypatch, kind("it \x1b[31mbroke\x1b]0;x\x07", "do\x1b[2J this"))
    ran = nbalign("notebooks", code=CODES[kind])
    assert ran.err == "error: it broke\n  do this\n"
    assert ran.out == ""


def test_every_kind_of_error_is_tested() -> None:
    def below(kind: type[errors.NbalignError]) -> set[type[errors.NbalignError]]:
        here = {k for k in kind.__subclasses__() if k.__module__ == errors.__name__}
        return {kind}.union(*(below(k) for k in here))

    assert below(errors.NbalignError) == set(CODES)


def test_ctrl_c_is_an_exit_code(nbalign: Nbalign, monkeypatch: pytest.MonkeyPatch) -> None:
    raising(monkeypatch, KeyboardInterrupt())
    assert "stopped" in nbalign("notebooks", code=130).err


def test_a_bug_is_told_without_a_traceback_unless_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Workspace.create(tmp_path / "study").close()
    raising(monkeypatch, ZeroDivisionError("by zero"))
    assert main(["-w", str(tmp_path / "study"), "notebooks"]) == 70
    err = capsys.readouterr().err
    assert "ZeroDivisionError: by zero" in err
    assert "NBALIGN_DEBUG=1" in err
    assert "Traceback" not in err
    monkeypatch.setenv("NBALIGN_DEBUG", "1")
    assert main(["-w", str(tmp_path / "study"), "notebooks"]) == 70
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("args", [["notebooks", "extra"], ["judge", "--budget", "x"], ["nothing"], ["-w"], []])
def test_wrong_use_is_exit_code_2(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(args) in ((0, 2) if not args else (2,))
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_workspace_is_told(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "nbalign.db").write_bytes(content)
    assert main(["-w", str(tmp_path), "notebooks"]) in (0, 5) if not content else (5,)
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert "bug" not in err


def in_a_process(folder: Path, *args: str, **env: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "nbalign", "-w", str(folder), *args],
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.fixture
def umlauts(nbalign: Nbalign, tmp_path: Path) -> Path:
    (tmp_path / "größe.ipynb").write_bytes(notebook(code("1")))
    nbalign("import", tmp_path / "größe.ipynb")
    return nbalign.folder


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_terminal_without_the_characters_gets_question_marks(
    encoding: str, form: tuple[str, ...], umlauts: Path
) -> None:
    process = in_a_process(umlauts, "notebooks", *form, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    # click takes ASCII for a wrong setting and writes UTF-8; elsewhere what cannot be written becomes a question mark.
    text = out.decode("utf-8" if encoding == "ascii" else encoding)
    assert "größe" in text
    assert ("─" in text, "?" in text) == ((not form and encoding != "latin-1"), (not form and encoding == "latin-1"))


def test_a_reader_that_goes_away_is_no_error(umlauts: Path) -> None:
    process = in_a_process(umlauts, "notebooks", "--json", PYTHONUNBUFFERED="1")
    assert process.stdout and process.stderr
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), err) == (0, b"")
