"""Two writers at once lose nothing, and a label that was acknowledged survives a killed writer."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from nbalign.labels.events import LabelStore
from nbalign.store.database import Store
from tests.store.made import filled

ROOT = Path(__file__).parents[2]


def writer(path: Path, rater: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.labels.writer", str(path), rater, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def check(store: Store) -> None:
    assert [row[0] for row in store.rows("PRAGMA integrity_check")] == ["ok"]
    assert store.rows("PRAGMA foreign_key_check") == []
    events = [row["event"] for row in store.rows("SELECT event FROM current_labels ORDER BY event")]
    assert events == [row["id"] for row in store.rows("SELECT id FROM live_labels ORDER BY id")]


def test_two_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    store, _ = filled(tmp_path / "nbalign.db")
    with store:
        writers = [writer(store.path, rater, 200) for rater in ("r1", "r2")]
        outs = [process.communicate()[0] for process in writers]
        assert [process.returncode for process in writers] == [0, 0]
        written = {event.id: event.label.justification for event in LabelStore(store).history()}
        acknowledged = dict(line.split(" ", 1) for out in outs for line in out.splitlines())
        assert {str(event): words for event, words in written.items()} == acknowledged
        assert len(written) == 400
        check(store)


def test_a_killed_writer_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    store, _ = filled(tmp_path / "nbalign.db")
    store.close()
    acknowledged: list[str] = []
    for n in range(20):
        process = writer(store.path, f"r{n}", 100_000)
        assert process.stdout is not None
        # Killed at another place each time: after the nth label, somewhere in the one that follows.
        said = "".join(process.stdout.readline() for _ in range(1 + n % 5))
        process.kill()
        said += process.stdout.read()
        process.stdout.close()
        assert process.wait() == -signal.SIGKILL
        acknowledged += [line.rstrip("\n") for line in said.splitlines(keepends=True) if line.endswith("\n")]
    with Store.open(store.path) as again:
        written = {f"{event.id} {event.label.justification}" for event in LabelStore(again).history()}
        assert len(acknowledged) >= 60
        assert [line for line in acknowledged if line not in written] == []
        check(again)
