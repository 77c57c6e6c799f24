"""The process that does one job, as it is spoken to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from nbalign.jobs import runner
from nbalign.jobs.runner import Reporter
from nbalign.llm.protocol import receive
from nbalign.progress import Progress
from nbalign.workspace import Workspace
from tests.jobs.conftest import PATIENCE, WITHOUT_MODEL

RUNNER = [sys.executable, "-m", "nbalign.jobs.runner"]


def spec(workspace: Path, kind: str = "evaluate", **arguments: object) -> bytes:
    given = {**WITHOUT_MODEL, **arguments} if kind == "evaluate" else arguments
    return json.dumps({"kind": kind, "workspace": str(workspace), "arguments": given}).encode() + b"\n"


def lines(out: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_stdout_is_for_the_protocol_alone_and_the_end_comes_last(study: Path) -> None:
    # Stdin stays open until the end: its end would be the word to stop.
    with subprocess.Popen(RUNNER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(spec(study))
        process.stdin.flush()
        told, words = lines(process.stdout.read()), process.stderr.read()
    assert process.returncode == 0 and words == b""
    assert [set(line) for line in told[:-1]] == [{"progress"}] * (len(told) - 1)
    assert told[-1]["end"] == "done" and told[-1]["result"]["arms"] == ["constant", "counts"]


def test_the_end_of_stdin_stops_the_work(study: Path) -> None:
    done = subprocess.run(RUNNER, input=spec(study), capture_output=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0
    assert lines(done.stdout)[-1]["end"] == "stopped"


def test_without_a_spec_it_ends(study: Path) -> None:
    assert subprocess.run(RUNNER, input=b"", timeout=PATIENCE, check=False).returncode == 2


def test_it_makes_room_for_others(study: Path) -> None:
    told = _run_with(study, "print(os.nice(0)); raise KeyError('odd')")
    assert told.stderr.decode().split() == [str(min(os.nice(0) + 5, 19))]


def test_what_prints_goes_to_stderr_and_a_bug_is_told_by_its_type_with_the_way_to_the_log(study: Path) -> None:
    told = _run_with(study, "print('noise'); os.system('echo more noise'); raise KeyError('odd')")
    (end,) = lines(told.stdout)
    assert end["end"] == "failed" and "KeyError: 'odd'" in end["error"]
    assert str(study / runner.LOG) in end["hint"]
    assert told.stderr.decode().split("\n")[:2] == ["noise", "more noise"]
    assert "Traceback" in (study / runner.LOG).read_text() and "Traceback" not in told.stdout.decode()


def _run_with(study: Path, body: str) -> subprocess.CompletedProcess[bytes]:
    """A runner whose work is the given line."""
    program = f"""
        import os, sys
        import nbalign.jobs.work as work
        def do(*_):
            {body}
        work.do = do
        from nbalign.jobs import runner
        runner.main()
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    return subprocess.run(command, input=spec(study), capture_output=True, timeout=PATIENCE, check=False)


def test_no_runner_outlives_its_parent(study: Path) -> None:
    program = """
        import os, pathlib, signal, sys, time
        import psutil
        from nbalign.jobs.desk import Jobs
        from nbalign.jobs.model import JobSpec
        Jobs(lambda state: None).start(JobSpec("evaluate", pathlib.Path(sys.argv[1]), {"arms": ["counts"], "folds": 2}))
        while not (found := psutil.Process().children()):
            time.sleep(0.05)
        print(found[0].pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(study)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
    assert parent.returncode == -signal.SIGKILL
    end = time.monotonic() + PATIENCE
    while _alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _alive(pid)
    with Workspace.open(study) as workspace:
        assert len(workspace.labels()) == 4


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_progress_is_thinned_but_the_latest_step_always_arrives() -> None:
    read, write = os.pipe()
    with os.fdopen(read, "rb") as answers, os.fdopen(write, "wb") as stream:
        cancel = threading.Event()
        report = Reporter(stream, cancel)
        for n in range(10_000):
            report(Progress("counting", n, 10_000, "tokens"))
        report.end(end="done")
        stream.close()
        told = []
        while (message := receive(answers)) is not None:
            told.append(message)
    assert told[-1] == {"end": "done"} and told[-2]["progress"]["done"] == 9999
    assert len(told) < 1000 and not cancel.is_set()


def test_a_reader_that_went_away_stops_the_work() -> None:
    read, write = os.pipe()
    os.close(read)
    cancel = threading.Event()
    report = Reporter(os.fdopen(write, "wb", buffering=0), cancel)
    report(Progress("counting", 1, 2, "tokens"))
    report.end(end="done")
    assert cancel.is_set()
