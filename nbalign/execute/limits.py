"""Limits of each process in a sandbox, set by the runner before a kernel is there."""

from __future__ import annotations

import platform
import re

from nbalign.execute.model import Bounds, Isolation

_NPROC_SINCE = (5, 14)  # before, Linux counted the processes that the user has outside, too


def limits(kind: Isolation, bounds: Bounds, data_bytes: int) -> dict[str, int]:
    """A net below the bounds of all processes together: here a cell fails, there the sandbox is ended.

    Args:
        kind: What keeps them in.
        bounds: Of all together.
        data_bytes: Bytes of the copy of the data.

    Returns:
        Name of the limit -> value, for `resource.setrlimit`.
    """
    found = {
        "RLIMIT_CORE": 0,
        "RLIMIT_DATA": bounds.memory_bytes,
        "RLIMIT_FSIZE": bounds.disk_bytes + data_bytes,
    }
    release = tuple(int(number) for number in re.findall(r"\d+", platform.release())[:2])
    if kind != "none" and release >= _NPROC_SINCE:
        found["RLIMIT_NPROC"] = bounds.processes
    return found
