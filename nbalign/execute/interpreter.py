"""The Python that notebooks run with: which one it is, whether it can, and which folders it lives in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nbalign.errors import SandboxError
from nbalign.notebooks.sanitise import clean_line

_SECONDS = 60.0  # a first start from a slow network disk
NEEDED = ("ipykernel", "nbclient")
_QUESTION = """
import importlib.util, json, sys
print(json.dumps({
    "executable": sys.executable, "prefix": sys.prefix, "base_prefix": sys.base_prefix,
    "missing": [name for name in %r if importlib.util.find_spec(name) is None],
}))
"""
# What lies beside these in a prefix, a project with its data, say, or a workspace, is nobody's business.
_PARTS = ("bin", "lib", "lib32", "lib64", "libexec", "include", "share", "etc", "ssl", "conda-meta", "pyvenv.cfg")
_STORES = ("/nix/store", "/gnu/store")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python with a kernel.

    Attributes:
        executable: As it is to be started; for a virtual environment the link in it.
        prefix: Where its packages are.
        base_prefix: Where its standard library is.
    """

    executable: str
    prefix: str
    base_prefix: str

    def places(self) -> dict[str, str]:
        """Files and folders that it needs, path as it is known by -> path where it really lies."""
        found: dict[str, str] = {}
        roots = {self.prefix, self.base_prefix}
        for root in sorted(roots | {os.path.realpath(root) for root in roots}):
            for part in _PARTS:
                place = f"{root.rstrip('/')}/{part}"
                if os.path.exists(place):  # noqa: PTH110 - these are text for mounts
                    found[place] = os.path.realpath(place)
            for store in _STORES:
                if os.path.realpath(root).startswith(store):
                    found[store] = store
        link = self.executable
        for _ in range(40):  # as many links in a row as Linux follows
            found[link] = os.path.realpath(link)
            if not os.path.islink(link):  # noqa: PTH114
                break
            link = os.path.normpath(os.path.join(os.path.dirname(link), os.readlink(link)))  # noqa: PTH115, PTH118, PTH120
        return found


def interpreter(python: Path | None = None) -> Interpreter:
    """Asks a Python what it is.

    Args:
        python: Its path; None takes the one that runs nbalign.

    Raises:
        SandboxError: If it does not run, or has no kernel.
    """
    # Not resolved: the link in a virtual environment is what makes it one.
    return _asked(os.path.abspath(python if python is not None else sys.executable))  # noqa: PTH100


@lru_cache(maxsize=8)
def _asked(path: str) -> Interpreter:
    shown = clean_line(path)
    try:
        done = subprocess.run(
            [path, "-I", "-c", _QUESTION % (NEEDED,)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        said = json.loads(done.stdout)
        missing = list(said["missing"])
        found = Interpreter(str(said["executable"]), str(said["prefix"]), str(said["base_prefix"]))
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SandboxError(f"{shown} does not run: {clean_line(str(error))}", "Name a Python program.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise SandboxError(f"{shown} does not answer like a Python", "Name a Python program.") from error
    if missing:
        raise SandboxError(
            f"{shown} has no {' and no '.join(missing)}, which notebooks are run with",
            f"Install it there: {shown} -m pip install {' '.join(missing)}",
        )
    return found
