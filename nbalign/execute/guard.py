"""The guard: a small process between nbalign and a sandbox, so that nothing in there outlives us.

It runs outside the sandbox, in this Python, and holds the read end of a pipe, the lifeline, whose write end nbalign
holds. When that pipe closes, because nbalign closed it, was interrupted or was killed, the guard kills everything below
it. The other way round, when the guard dies, the kernel kills its child, which is the first process of the sandbox, and
with it goes everything in its process namespace.

Only the standard library is imported here, and the process has one thread: it forks after it entered namespaces.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

from nbalign.execute import namespaces
from nbalign.execute.scratch import remove
from nbalign.execute.syscalls import die_with_parent, join_new_keyring, take_orphans

FAILED = 125
"""Exit code of a sandbox that could not be made; the last line on stderr says why."""


def main() -> NoReturn:
    """Runs what the JSON in the first argument says: `mode`, `command`, `env`, `lifeline`, `scratch`, the folder that
    is deleted in the end, and, for namespaces of our own, `view`.
    """
    spec = json.loads(sys.argv[1])
    lifeline = int(spec["lifeline"])
    os.set_inheritable(lifeline, False)
    wake, alarm = os.pipe()
    os.set_blocking(alarm, False)
    signal.set_wakeup_fd(alarm, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    with contextlib.suppress(OSError):  # the kernel's own choice, when memory runs out, should be this and not nbalign
        Path("/proc/self/oom_score_adj").write_text("1000")
    join_new_keyring()  # the user's session keyring may hold secrets
    if spec["mode"] == "none":
        take_orphans()
    entered = None
    if spec["mode"] == "unshare":
        try:
            entered = namespaces.enter()
        except OSError as error:
            _fail(f"namespaces are refused: {error.strerror}")
    child = os.fork()
    if child == 0:
        _become(spec, entered)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # when the sandbox has ended, nbalign has to see the end of its pipes
        os.dup2(null, descriptor)
    code = _wait(child, lifeline, wake)
    _kill_all(child, detached=spec["mode"] == "none")
    remove(Path(spec["scratch"]))  # nbalign does that too, unless it was killed
    os._exit(code)


def _become(spec: dict[str, Any], entered: namespaces.Entered | None) -> NoReturn:
    """The child: the sandbox's first process."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for name in ("SIGPIPE", "SIGXFSZ"):  # which Python ignores; what is run should begin as from a shell
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    die_with_parent()
    try:
        if entered is not None:
            namespaces.settle(entered, spec["view"])
            if (inside := os.fork()) > 0:
                _reap(inside)
        os.chdir("/")
        os.execve(spec["command"][0], spec["command"], spec["env"])
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        _fail(f"{error.strerror or error}{where}")


def _reap(child: int) -> NoReturn:
    """The first process of a process namespace waits for all others; when it ends, the kernel kills what is left."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    while True:
        pid, status = os.wait()
        if pid == child:
            os._exit(_exit_code(status))


def _wait(child: int, lifeline: int, wake: int) -> int:
    """Waits for the child's end or for the lifeline's."""
    poll = select.poll()
    poll.register(lifeline, select.POLLIN | select.POLLHUP)
    poll.register(wake, select.POLLIN)
    while True:
        for descriptor, _ in poll.poll():
            if descriptor == lifeline:
                return 128 + signal.SIGKILL
            os.read(wake, 4096)
        with contextlib.suppress(ChildProcessError):
            pid, status = os.waitpid(-1, os.WNOHANG)
            while pid:
                if pid == child:
                    return _exit_code(status)
                pid, status = os.waitpid(-1, os.WNOHANG)


def _kill_all(child: int, *, detached: bool) -> None:
    """Kills the child, and with it its process namespace; without one also what detached itself, which we inherited."""
    while True:
        for pid in {child, *(_below(os.getpid()) if detached else ())}:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _below(pid: int) -> list[int]:
    """All processes below one, from /proc as the guard sees it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError, ValueError, IndexError):
                parent = int((entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [pid]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def _exit_code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _fail(words: str) -> NoReturn:
    with contextlib.suppress(OSError):
        os.write(2, (words + "\n").encode("utf-8", "replace"))
    os._exit(FAILED)
