"""Starting a runner in its sandbox, behind a guard that ends it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from nbalign.execute.interpreter import Interpreter
from nbalign.execute.model import Isolation
from nbalign.execute.scratch import Scratch, nobody
from nbalign.execute.view import environment, mounts

_START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); import nbalign.execute.guard as g; g.main()"


class Started(subprocess.Popen[bytes]):
    """A guard with what it guards. Leaving the block ends both.

    Attributes:
        lifeline: Write end of the guard's lifeline.
    """

    lifeline: int = -1
    _cutting = threading.Lock()

    def cut(self) -> None:
        """Has the guard kill everything in the sandbox. Safe to call twice, and from any thread."""
        with self._cutting:
            if self.lifeline >= 0:
                os.close(self.lifeline)
                self.lifeline = -1

    def end(self) -> None:
        """Kills everything in the sandbox and waits for it. Safe to call twice."""
        self.cut()
        try:
            self.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
            self.wait()
        for stream in (self.stdin, self.stdout, self.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def __exit__(self, *_: object) -> None:
        self.end()


def started(
    kind: Isolation, found: Interpreter, scratch: Scratch, arguments: list[str], *, stderr: int = subprocess.PIPE
) -> Started:
    """Starts the scratch's runner.

    Args:
        kind: What keeps it in.
        found: The Python that runs it.
        scratch: A furnished scratch.
        arguments: Arguments of the runner.
        stderr: Where stderr goes, as for `Popen`.

    Raises:
        OSError: If no process can be started.
    """
    inside = kind != "none"
    runner = "/etc/runner.py" if inside else str(scratch.folder / "etc" / "runner.py")
    command = [found.executable, "-I", runner, *arguments]
    names = environment(found, scratch, inside=inside)
    spec: dict[str, Any] = {"mode": kind, "command": command, "env": names, "scratch": str(scratch.folder)}
    if inside:
        binds, symlinks = mounts(found, scratch)
        if kind == "bubblewrap":
            spec |= {"command": _bubblewrap(binds, symlinks, names, command)}
        else:
            spec["view"] = {"root": str(scratch.folder / "root"), "binds": binds, "symlinks": symlinks}
    lifeline, ours = os.pipe()
    try:
        process = Started(
            # -I and our own path: nothing in the current folder is taken for a module of ours.
            [sys.executable, "-I", "-S", "-c", _START, json.dumps(_path()), json.dumps(spec | {"lifeline": lifeline})],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            pass_fds=(lifeline,),
            start_new_session=True,  # ctrl-c is ours to handle
        )
    except BaseException:
        os.close(ours)
        raise
    finally:
        os.close(lifeline)
    process.lifeline = ours
    return process


def _path() -> list[str]:
    """Where the guard finds us and the standard library."""
    package = Path(__file__).resolve().parents[2]
    return [str(package), *(place for place in sys.path if Path(place).is_absolute())]


@lru_cache(maxsize=1)
def _knows_disable_userns() -> bool:
    done = subprocess.run(["bwrap", "--help"], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=10)
    return b"--disable-userns" in done.stdout + done.stderr


def _bubblewrap(
    binds: list[tuple[str, str, bool]],
    symlinks: list[tuple[str, str]],
    names: dict[str, str],
    command: list[str],
) -> list[str]:
    program = shutil.which("bwrap") or "bwrap"
    words = [program, "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    if nobody() is None:
        words += ["--unshare-all", "--unshare-user"]
        words += ["--disable-userns"] if _knows_disable_userns() else []
    else:
        # Root in a user namespace would still be the owner of all files of root's, /proc/sys among them. So it stays
        # root until the mounts are made, with the right to become somebody else, and the runner does that first.
        words += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        for right in ("CAP_SETUID", "CAP_SETGID", "CAP_DAC_OVERRIDE"):  # the last to find its way to the runner
            words += ["--cap-add", right]
    words += ["--hostname", "notebook", "--proc", "/proc", "--dev", "/dev"]
    for text, target in symlinks:
        words += ["--symlink", text, target]
    for source, target, writable in binds:
        if nobody() is not None:  # bubblewrap's own folders on the way would be closed to everybody but root
            for above in reversed(PurePosixPath(target).parents[:-1]):
                words += ["--perms", "0755", "--dir", str(above)]
        words += ["--bind" if writable else "--ro-bind", source, target]
    words += ["--remount-ro", "/dev", "--remount-ro", "/", "--clearenv"]
    for name, value in names.items():
        words += ["--setenv", name, value]
    return [*words, "--chdir", "/", "--", *command]
