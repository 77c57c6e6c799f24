"""Code that takes all it can get, and code that will not end: each in a kernel of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from nbalign.execute import kernel as kernel_module
from nbalign.execute.kernel import open_kernel
from nbalign.execute.model import Bounds, CellRun, Isolation
from nbalign.execute.outputs import total
from tests.execute.conftest import gone, running, said, text, why_not

ROOT = Path(__file__).parents[2]
MB = 1 << 20


def ran(kind: Isolation, bounds: Bounds, source: str, *, then: str = "'still here'") -> tuple[CellRun, CellRun]:
    """What came of a cell, and of one after it."""
    with open_kernel([], bounds, isolation=kind) as kernel:
        return kernel.run(source), kernel.run(then)


def test_endless_loops_are_interrupted_and_long_outputs_cut(best: Isolation) -> None:
    with open_kernel([], Bounds(cell_seconds=1.5, output_bytes=100_000), isolation=best) as kernel:
        run = kernel.run("kept = 5\nprint('begun', flush=True)\nwhile True: pass")
        assert run.state == "timeout"
        assert "more than 1.5 s" in run.error
        assert text(run) == "begun\n"
        assert said(kernel, "kept") == "5"

        run = kernel.run("while True: print('x' * 1000)")
        assert run.state == "timeout"
        assert "left out" in text(run)
        assert 90_000 < total(run.outputs) < 110_000

        run = kernel.run("from IPython.display import HTML, display\ndisplay(HTML('x' * 3_000_000)); print('small')")
        assert run.state == "ok"
        assert "small" in text(run)
        assert "3,000," in text(run), "how much was left out"

        run = kernel.run("raise ValueError('y' * 3_000_000)")
        assert run.state == "error"
        assert len(run.error) <= 300
        assert run.outputs[-1]["output_type"] == "error"
        assert total(run.outputs) < 200_000


def test_a_loop_that_ignores_interrupts_is_ended(best: Isolation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_module, "_GRACE", 0.5)
    source = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    run, after = ran(best, Bounds(cell_seconds=1), source)
    assert (run.state, after.state) == ("timeout", "died")
    assert "could not be interrupted" in run.error


def test_one_process_over_a_bound_gets_an_error_and_the_kernel_stays(best: Isolation) -> None:
    with open_kernel([], Bounds(memory_bytes=512 * MB, disk_bytes=5 * MB), isolation=best) as kernel:
        assert kernel.run("x = bytearray(2 << 30)").error.startswith("MemoryError")
        run = kernel.run("with open('x', 'wb') as f: f.write(b'x' * (30 << 20))")
        assert "File too large" in run.error
        assert said(kernel, "1 + 1") == "2"


HOG = """
import os, time
for n in range(6):
    if os.fork() == 0:
        x = bytearray(120 << 20)
        for i in range(0, len(x), 4096): x[i] = 1
        time.sleep(60)
time.sleep(60)
"""


def test_memory_of_all_processes_together_is_bounded(best: Isolation) -> None:
    run, after = ran(best, Bounds(memory_bytes=400 * MB), HOG)
    assert (run.state, after.state) == ("died", "died")
    assert "400 MB of memory" in run.error


def test_memory_that_processes_share_counts_once(best: Isolation) -> None:
    source = """
import os, time
x = bytearray(150 << 20)
for i in range(0, len(x), 4096): x[i] = 1
for n in range(4):
    if os.fork() == 0:
        time.sleep(30); os._exit(0)
time.sleep(1.5)
"""
    assert ran(best, Bounds(memory_bytes=400 * MB), source)[0].state == "ok"


def test_files_in_memory_count_as_memory(best: Isolation) -> None:
    source = """
import os, time
kept = []
for n in range(6):
    kept.append(os.memfd_create(str(n)))
    for _ in range(100): os.write(kept[-1], b'x' * (1 << 20))
time.sleep(20)
"""
    run, _ = ran(best, Bounds(memory_bytes=400 * MB), source)
    assert run.state == "died"
    assert "memory" in run.error


def test_processes_are_bounded(best: Isolation) -> None:
    source = "import os, time\nfor n in range(200):\n    if os.fork() == 0: time.sleep(60); os._exit(0)\ntime.sleep(10)"
    run, _ = ran(best, Bounds(processes=60), source)
    assert run.state in ("error", "died")
    assert "Resource temporarily unavailable" in run.error or "60 processes" in run.error


def test_threads_are_counted_from_outside_where_no_limit_holds() -> None:
    source = "import threading, time\nfor n in range(100): threading.Thread(target=time.sleep, args=(60,)).start()"
    run, after = ran("none", Bounds(processes=60), f"{source}\ntime.sleep(10)")
    assert (run.state, after.state) == ("died", "died")
    assert "60 processes" in run.error


def test_a_fork_bomb_ends_and_leaves_nothing(best: Isolation) -> None:
    marker = f"nbalign-bomb-{os.getpid()}"
    source = (
        f"import subprocess\nwhile True: subprocess.Popen(['/bin/sh', '-c', ': {marker}; while true; do $0 & done'])"
    )
    run, _ = ran(best, Bounds(processes=60, cell_seconds=5), source)
    assert run.state in ("error", "died", "timeout")
    assert gone(marker)


def test_many_files_are_too_much_disk(best: Isolation) -> None:
    source = "import time\nfor n in range(40): open(f'{n}', 'wb').write(b'x' * (1 << 20))\ntime.sleep(20)"
    run, _ = ran(best, Bounds(disk_bytes=20 * MB), source)
    assert run.state == "died"
    assert "20 MB of files" in run.error


def test_deleted_files_that_are_still_open_count(best: Isolation) -> None:
    source = (
        "import os, time\nkept = []\nfor n in range(40):\n    f = open('/tmp/x', 'wb'); os.remove('/tmp/x')\n"
        "    f.write(b'x' * (1 << 20)); f.flush(); kept.append(f)\ntime.sleep(20)"
    )
    run, _ = ran(best, Bounds(disk_bytes=20 * MB), source)
    assert run.state == "died"
    assert "20 MB of files" in run.error


@pytest.mark.parametrize("target", ["-1", "os.getppid()"])
def test_killing_what_is_inside_ends_the_notebook_and_nothing_else(best: Isolation, target: str) -> None:
    run, after = ran(best, Bounds(), f"import os\nos.kill({target}, 9)\nimport time\ntime.sleep(20)")
    assert (run.state, after.state) == ("died", "died")
    assert run.error == "the kernel ended"


DAEMON = """
import os, subprocess, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(300)', {marker!r}])
    os._exit(0)
"""


@pytest.mark.parametrize("each", ["bubblewrap", "unshare", "none"])
def test_what_detached_itself_ends_with_the_kernel(each: Isolation) -> None:
    if each != "none" and (reason := why_not(each)):
        pytest.skip(reason)
    marker = f"nbalign-daemon-{each}-{os.getpid()}"
    with open_kernel([], isolation=each) as kernel:
        kernel.run(DAEMON.format(marker=marker))
        assert appears(marker), "the daemon did not start, so its end would show nothing"
    assert running(marker) == []


def appears(marker: str) -> bool:
    end = time.monotonic() + 20
    while not running(marker):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_the_word_to_stop_ends_a_cell_at_once(best: Isolation) -> None:
    marker = f"nbalign-stop-{os.getpid()}"
    cancel = threading.Event()
    with open_kernel([], cancel=cancel, isolation=best) as kernel:
        threading.Thread(target=lambda: cancel.set() if appears(marker) else None).start()
        run = kernel.run(f"!sh -c 'sleep 300; : {marker}'")
        assert run.state == "stopped"
        assert run.seconds < 60
        assert kernel.run("1").state == "died"
        assert running(marker) == []


HOST = """
import sys, tempfile
tempfile.tempdir = sys.argv[2]
from nbalign.execute.kernel import open_kernel
with open_kernel([], isolation=sys.argv[1]) as kernel:
    kernel.run("import subprocess\\nsubprocess.run(['sleep', '300.' + %r])")
"""


@pytest.mark.parametrize(
    ("each", "word"), [("unshare", signal.SIGINT), ("bubblewrap", signal.SIGKILL), ("unshare", signal.SIGKILL)]
)
def test_when_nbalign_is_ended_so_is_the_sandbox(each: Isolation, word: signal.Signals, tmp_path: Path) -> None:
    if reason := why_not(each):
        pytest.skip(reason)
    marker = f"{os.getpid()}{int(word)}{len(each)}"
    host = subprocess.Popen(
        [sys.executable, "-c", HOST % marker, each, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        assert appears(f"300.{marker}")
        host.send_signal(word)
        host.wait(30)
        assert gone(f"300.{marker}")
        end = time.monotonic() + 20
        while list(tmp_path.iterdir()):  # its folder goes, too
            assert time.monotonic() < end
            time.sleep(0.05)
    finally:
        host.kill()
        host.wait()
