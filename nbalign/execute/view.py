"""What a sandbox sees: files, environment, and the user it runs as.

Both kinds, bubblewrap and namespaces of our own, show the same: the system's programs and libraries and the Python,
read-only, and the four writable folders of the scratch.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from nbalign.execute.interpreter import Interpreter
from nbalign.execute.model import Isolation
from nbalign.execute.scratch import Scratch, nobody

WORK, HOME, TMP = "/notebook", "/home/notebook", "/tmp"
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = ("alternatives", "fonts")
_THREADS = "2"  # of numerical libraries, each process: they would take one a core, on machines of many cores
_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMEXPR_MAX_THREADS",
    "RAYON_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "LOKY_MAX_CPU_COUNT",
)


def owner_in(kind: Isolation) -> int | None:
    """The user that code runs as in such a sandbox, where that is not this process's user."""
    return None if kind == "none" else nobody()


def folder_in(kind: Isolation, scratch: Scratch) -> str:
    """The working folder, as code in such a sandbox knows it."""
    return str(scratch.work) if kind == "none" else WORK


def furnish(scratch: Scratch, kind: Isolation, runner: str) -> None:
    """Writes what stands around a runner, for a sandbox of this kind."""
    user = owner_in(kind)
    scratch.furnish(runner, HOME, _links(), os.geteuid() if user is None else user)


def environment(found: Interpreter, scratch: Scratch, *, inside: bool) -> dict[str, str]:
    """All environment variables of a sandbox: of the user's own none but the time zone.

    Args:
        found: The Python that runs in it.
        scratch: Its folder.
        inside: Whether it has a view of its own; otherwise paths are those of this machine.
    """
    home = HOME if inside else str(scratch.folder / "home")
    programs = os.path.dirname(found.executable)  # noqa: PTH120
    names = {
        "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        "HOME": home,
        "TMPDIR": TMP if inside else str(scratch.folder / "tmp"),
        "USER": "notebook",
        "LOGNAME": "notebook",
        "SHELL": "/bin/sh",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",  # the same notebook prints its sets in the same order
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        **dict.fromkeys(_THREAD_VARIABLES, _THREADS),
    }
    zone = os.environ.get("TZ", "")
    return {**names, "TZ": zone} if re.fullmatch(r"[A-Za-z0-9_+:/-]{1,64}", zone) else names


def mounts(found: Interpreter, scratch: Scratch) -> tuple[list[tuple[str, str, bool]], list[tuple[str, str]]]:
    """What is mounted, as (source, target, writable), and links, as (text, target); parents first.

    Of the home folder, of workspaces and of everything else nothing is shown, unless it holds the Python: then the
    parts of that Python alone.
    """
    symlinks = [(str(Path(place).readlink()), place) for place in _SYSTEM if Path(place).is_symlink()]
    system = [place for place in _SYSTEM if Path(place).is_dir() and not Path(place).is_symlink()]
    etc = scratch.folder / "etc"
    binds = {place: (place, False) for place in system}
    binds |= {"/etc": (str(etc), False)} | {f"/etc/{name}": (f"/etc/{name}", False) for name in _links()}
    for place, target in zip(Scratch.WRITABLE, (WORK, HOME, TMP, "/dev/shm"), strict=True):
        binds[target] = (str(scratch.folder / place), True)
    seen: tuple[str, ...] = (*_SYSTEM, "/etc")
    for place, source in sorted(found.places().items()):
        if not place.startswith(tuple(f"{above}/" for above in seen)):
            binds.setdefault(place, (source, False))
            seen = (*seen, place)
    ordered = sorted(binds.items(), key=lambda item: item[0].count("/"))
    return [(source, target, writable) for target, (source, writable) in ordered], symlinks


def _links() -> tuple[str, ...]:
    return tuple(name for name in _ETC if Path("/etc", name).is_dir())
