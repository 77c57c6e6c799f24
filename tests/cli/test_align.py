"""`nbalign align`, and `nbalign judge` before and after it."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.align.conftest import MODEL, Machine, Study
from tests.cli.conftest import ROOT, Nbalign

SHORT = ("--rubric", "short", "--model", MODEL)


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    machine = Machine(tmp_path)
    machine.install(monkeypatch.setattr)
    made = Study(tmp_path / "made", machine)
    with made.ws:
        yield made


@pytest.fixture
def nb(study: Study, capsys: pytest.CaptureFixture[str]) -> Nbalign:
    return Nbalign(study.ws.path, capsys)


def test_align_and_judge_before_and_after(nb: Nbalign, study: Study) -> None:
    before = nb("judge", *SHORT, "--json").json
    assert before["judge"].startswith(f"{MODEL}@")
    ran = nb("align", *SHORT)
    assert "12 settled scores; labels: 18 new, 0 gone, 0 known already" in ran.out
    assert "is the latest now" in ran.out
    assert "18 labels accounted for" in ran.out
    assert "tokens evaluated" in ran.out
    after = nb("judge", *SHORT, "--budget", "2000", "--json").json
    assert after["judge"].startswith(f"{MODEL}+memory@")
    assert after["new"] == 12
    assert nb("judge", *SHORT, "--json").json["new"] == 0
    plain = nb("judge", *SHORT, "--unaligned", "--json").json
    assert (plain["judge"], plain["new"]) == (before["judge"], 0)
    version = study.ws.memory(rubric="short").version
    assert nb("judge", *SHORT, "--memory", version[:5], "--json").json["judge"] == after["judge"]
    other = nb("judge", *SHORT, "--budget", "100", "book-1")
    assert "judging without the memory" in other.err
    assert "no memory" in nb("judge", *SHORT, "--memory", "zzz", code=2).err


def test_aligning_again_says_that_nothing_changed(nb: Nbalign) -> None:
    first = nb("align", *SHORT, "--json").json
    assert first["parent"] == ""
    assert len(first["accounts"]) == 18
    assert set(first["calibrations"]) == {"loading", "plotting"}
    again = nb("align", *SHORT)
    assert "nothing that it rests on has changed" in again.out
    assert "tokens evaluated" not in again.out
    assert nb("align", *SHORT, "--json").json["version"] == first["version"]


def test_a_dry_run_keeps_nothing_and_needs_no_model(nb: Nbalign, study: Study) -> None:
    ran = nb("align", "--rubric", "short", "--model", "nowhere", "--dry-run", "--unalign", "bob", "--unalign", "book-0")
    assert "10 settled scores" in ran.out
    assert "dry run: 10 judgements are missing" in ran.out
    assert "left out: book-0.ipynb, bob" in ran.out
    assert study.ws.left_out() == ([], [])
    assert study.ws.memories().versions("short") == []
    assert nb("align", "--rubric", "short", "--dry-run", "--json").json["lessons"] == 12


def test_names_are_left_out_and_taken_in_again(nb: Nbalign, study: Study) -> None:
    first = nb("align", *SHORT, "--json").json["version"]
    ran = nb("align", *SHORT, "--unalign", "bob", "--unalign", "book-0")
    assert "left out: book-0.ipynb, bob" in ran.out
    assert study.ws.left_out() == ([study[0]], ["bob"])
    assert "left out" in nb("align", *SHORT).out
    back = nb("align", *SHORT, "--realign", "bob", "--realign", "book-0", "--json").json
    assert back["version"] == first
    assert "nobody" in nb("align", *SHORT, "--unalign", "nobody", code=2).err
    assert study.ws.left_out() == ([], [])


def test_bad_input_is_told_in_words(nb: Nbalign) -> None:
    assert "no dimension nothing" in nb("align", *SHORT, "-d", "nothing", code=2).err
    assert "no model nowhere" in nb("align", "--rubric", "short", "--model", "nowhere", code=4).err
    assert nb("align", "--rubric", "none", code=2).err.startswith("error:")
    assert "no settled scores" in nb("align", "--model", MODEL, "--rubric", "ml-notebook", code=2).err
    nb("align", *SHORT, "--evidence-tokens", "-1", code=2)


def test_noise_and_undecided_scores_are_told(nb: Nbalign, study: Study) -> None:
    study.label(3, "loading", 3, "willow is checked", rater="zoe")
    out = nb("align", *SHORT, "--dry-run").out
    assert "1 left out: raters disagree and nobody has decided" in out
    assert "more than half of the scale apart, 1 of them undecided" in out
    assert "book-3.ipynb · Loading" in out


def rows(folder: Path) -> int:
    with closing(sqlite3.connect(f"file:{folder / 'nbalign.db'}?mode=ro", uri=True, timeout=30)) as connection:
        counts = [
            connection.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("judgements", "probes", "distillations", "memories", "experiments")
        ]
    return int(sum(counts))


def started(study: Study, *args: str, log: Path) -> subprocess.Popen[str]:
    """`nbalign …` in a process of its own with a slow scripted model, which notes what it has answered."""
    script = (
        "import sys; from pathlib import Path; from tests.align.conftest import Machine\n"
        "from nbalign.__main__ import main\n"
        "machine = Machine(Path(sys.argv[1]), delay=0.03); log = open(sys.argv[2], 'a', buffering=1)\n"
        "machine.after = lambda a: a.answers and log.write(repr((a.op, a.prefix, a.text)) + '\\n')\n"
        "machine.install(setattr); sys.exit(main(['-w', *sys.argv[3:]]))\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", script, str(study.ws.path.parent), str(log), str(study.ws.path), *args],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


@pytest.mark.parametrize(
    "args", [("align", *SHORT), ("evaluate", *SHORT, "--folds", "3", "--bootstrap", "100", "--rubric-checks", "2")]
)
def test_a_command_survives_kills_and_ctrl_c(args: tuple[str, ...], study: Study, nb: Nbalign, tmp_path: Path) -> None:
    log, ends = tmp_path / "log", []
    for more, by in ((4, signal.SIGKILL), (10, signal.SIGINT), (8, signal.SIGKILL)):
        before, deadline = rows(study.ws.path), time.monotonic() + 60
        process = started(study, *args, log=log)
        while rows(study.ws.path) < before + more and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(by)
        _, err = process.communicate(timeout=60)
        assert "Traceback" not in err
        ends.append(process.returncode)
        with closing(sqlite3.connect(study.ws.path / "nbalign.db")) as connection:
            assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    assert ends[0] == -signal.SIGKILL
    assert ends[1] == 130
    with log.open("a") as noted:
        study.machine.after = lambda a: a.answers and noted.write(repr((a.op, a.prefix, a.text)) + "\n")  # type: ignore[assignment]
        found = nb(*args, "--json").json
    asked = log.read_text().splitlines()
    # An answer that came in the very moment of a kill may not have been kept; none else is computed twice.
    assert len(asked) - len(set(asked)) <= 2
    other = Machine(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        other.install(patch.setattr)
        whole = Study(tmp_path / "whole", other)
        whole.ws.close()
        nb.folder = whole.ws.path
        undisturbed = nb(*args, "--json").json
    for name in ("at", "costs", "seconds", "evaluated", "generated"):
        found.pop(name, None)
        undisturbed.pop(name, None)
    assert found == undisturbed
    assert other.answers <= len(asked) + other.answers - len(set(asked))
