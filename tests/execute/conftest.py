"""Real kernels: a shared one of each kind for what leaves it whole, and one of its own for what does not."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path

import pytest

from nbalign.execute.interpreter import interpreter
from nbalign.execute.isolation import try_isolation
from nbalign.execute.kernel import open_kernel
from nbalign.execute.model import Bounds, CellRun, Isolation, Kernel

SANDBOXES: tuple[Isolation, ...] = ("bubblewrap", "unshare")


@lru_cache(maxsize=4)
def why_not(kind: Isolation) -> str:
    """Why this machine cannot make such a sandbox; empty where it can."""
    return try_isolation(kind, interpreter())


@pytest.fixture(scope="session")
def shared() -> Iterator[Callable[[Isolation], Kernel]]:
    """A kernel of a kind, started when it is first asked for."""
    with ExitStack() as stack:
        kernels: dict[Isolation, Kernel] = {}

        def get(kind: Isolation) -> Kernel:
            if kind not in kernels:
                bounds = Bounds(cell_seconds=60, seconds=3600)
                kernels[kind] = stack.enter_context(open_kernel([], bounds, isolation=kind))
            return kernels[kind]

        yield get


@pytest.fixture(params=SANDBOXES)
def kind(request: pytest.FixtureRequest) -> Isolation:
    """Each sandbox that can be made here."""
    kind: Isolation = request.param
    if reason := why_not(kind):
        pytest.skip(reason)
    return kind


@pytest.fixture
def best() -> Isolation:
    """One sandbox, for what does not depend on the kind."""
    for kind in SANDBOXES[::-1]:
        if not why_not(kind):
            return kind
    pytest.skip(" ".join(why_not(kind) for kind in SANDBOXES))


@pytest.fixture
def kernel(kind: Isolation, shared: Callable[[Isolation], Kernel]) -> Kernel:
    """The shared kernel of each kind."""
    return shared(kind)


@pytest.fixture
def open_door(shared: Callable[[Isolation], Kernel]) -> Kernel:
    """A kernel without a sandbox: what a sandbox is to stop has to work here, or the test would show nothing."""
    return shared("none")


def text(run: CellRun) -> str:
    """What a cell printed and answered."""
    found = ""
    for output in run.outputs:
        found += output.get("text", "") or output.get("data", {}).get("text/plain", "")
    return found


def said(kernel: Kernel, source: str) -> str:
    """Runs a cell that has to end well, and gives what it printed."""
    run = kernel.run(source)
    assert run.state == "ok", run
    return text(run).strip()


def running(marker: str) -> list[int]:
    """Processes of this machine whose command line holds a marker."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                if marker.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def gone(marker: str, seconds: float = 20.0) -> bool:
    """Whether no such process is left, now or soon."""
    end = time.monotonic() + seconds
    while running(marker):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
