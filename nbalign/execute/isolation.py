"""Which sandbox this machine can make: found out by making one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nbalign.errors import SandboxError
from nbalign.execute.interpreter import Interpreter, interpreter
from nbalign.execute.model import Isolation
from nbalign.execute.scratch import Scratch, nobody
from nbalign.execute.starting import started
from nbalign.execute.view import furnish, owner_in
from nbalign.notebooks.sanitise import clean_line

_PROBE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Here:
    """What this machine can do.

    Attributes:
        isolation: `bubblewrap` or `unshare`; None where neither can be had.
        why_not: Plain sentences on what was tried and refused; empty when the first choice works.
    """

    isolation: Isolation | None
    why_not: str


def sandbox_here(python: Path | None = None) -> Here:
    """Looks which sandbox can be had, by starting one; the answer is kept while the process lives.

    Args:
        python: The Python that is to run in it; None takes the one that runs nbalign.

    Raises:
        SandboxError: If that Python does not run or has no kernel.
    """
    return _here(interpreter(python))


@lru_cache(maxsize=8)
def _here(found: Interpreter) -> Here:
    refused: list[str] = []
    kinds: tuple[Isolation, ...] = ("bubblewrap", "unshare")
    # Root's sandbox of our own also forbids user namespaces inside, which bubblewrap does for ordinary users alone.
    for kind in kinds if nobody() is None else kinds[::-1]:
        problem = try_isolation(kind, found)
        if not problem:
            return Here(kind, " ".join(refused))
        refused.append(problem)
    return Here(None, " ".join(refused))


def try_isolation(kind: Isolation, found: Interpreter) -> str:
    """Starts a sandbox of this kind and ends it at once.

    Returns:
        Why that did not work, a plain sentence; empty where it did.
    """
    if kind == "bubblewrap" and shutil.which("bwrap") is None:
        return "bubblewrap is not installed."
    if not sys.platform.startswith("linux"):
        return "Namespaces are a thing of Linux."
    name = "bubblewrap" if kind == "bubblewrap" else "a sandbox of namespaces"
    scratch = Scratch(owner_in(kind))
    try:
        furnish(scratch, kind, "print('inside')\n")
        scratch.hand_over()
        with started(kind, found, scratch, [], stderr=subprocess.PIPE) as process:
            out, err = process.communicate(timeout=_PROBE_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{name} does not start: {clean_line(str(error), 200)}."
    finally:
        scratch.remove()
    if out.strip() == b"inside":
        return ""
    lines = err.decode("utf-8", "replace").strip().splitlines() or ["no word why"]
    return f"{name} is refused: {clean_line(lines[-1], 200)}."


def refusal(why_not: str) -> SandboxError:
    """What to say where no sandbox can be had."""
    return SandboxError(
        f"no sandbox can be made on this machine, and notebook code is not run without one. {why_not}",
        "Install bubblewrap or allow user namespaces (docs/execution.md says how). Only for code that you trust, or in "
        "a throw-away machine: --unsafe runs it with all your rights.",
    )
