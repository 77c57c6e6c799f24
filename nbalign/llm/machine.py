"""What this process may really use of the machine: threads and memory, cgroup limits included.

llama.cpp slows down several times over when it has more threads than cores, or than the quota of its container, and
a container's memory limit ends a process that the machine itself had room for. So the smallest bound counts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import psutil

_ROOT = Path("/")


@dataclass(frozen=True, slots=True)
class Memory:
    """Main memory in bytes.

    Attributes:
        total: What this process could have at most.
        available: What it can take now without swapping; cached files count as available.
    """

    total: int
    available: int


@dataclass(frozen=True, slots=True)
class Processors:
    """What there is to compute on.

    Attributes:
        logical: CPUs of the machine, hyper-threads counted one by one.
        allowed: CPUs that this process may run on.
        cores: Physical cores behind the allowed CPUs; None where the system does not say.
        quota: CPUs' worth of time that the container may spend, such as 1.5; None without a limit.
    """

    logical: int
    allowed: int
    cores: int | None
    quota: float | None

    @property
    def threads(self) -> int:
        """Threads worth starting: the least of the bounds, at least 1."""
        bounds = [self.allowed]
        if self.cores is not None:
            bounds.append(self.cores)  # a second hyper-thread of a core adds nothing to arithmetic
        if self.quota is not None:
            bounds.append(int(self.quota))  # rounded down: a thread over the quota makes all the others wait
        return max(1, min(bounds))


def threads(root: Path = _ROOT) -> int:
    """The number of threads llama.cpp should use here, at least 1.

    Args:
        root: Where `proc` and `sys` lie; another folder only for tests.
    """
    return processors(root).threads


def processors(root: Path = _ROOT, cpus: frozenset[int] | None = None) -> Processors:
    """Counts what there is to compute on.

    Args:
        root: Where `proc` and `sys` lie; another folder only for tests.
        cpus: The CPUs this process may run on; None asks the system.
    """
    if cpus is None:
        cpus = _affinity()
    cores = _cores(root, cpus)
    if cores is None and root == _ROOT:
        cores = psutil.cpu_count(logical=False)  # also None in some containers
    limits = [q for folder in _folders(root, "cpu") if (q := _quota(folder)) is not None]
    return Processors(max(os.cpu_count() or 1, len(cpus)), len(cpus), cores, min(limits, default=None))


def memory(root: Path = _ROOT, host: Memory | None = None) -> Memory:
    """Memory this process may use, the limits of its container included.

    Args:
        root: Where `proc` and `sys` lie; another folder only for tests.
        host: Memory of the whole machine; None asks the system.
    """
    if host is None:
        whole = psutil.virtual_memory()
        host = Memory(whole.total, whole.available)
    total, available = host.total, host.available
    for folder in _folders(root, "memory"):
        limit = _number(folder / "memory.max") or _number(folder / "memory.limit_in_bytes")
        if limit is None or limit >= host.total:
            continue  # version 1 writes "no limit" as an enormous number
        used = _number(folder / "memory.current") or _number(folder / "memory.usage_in_bytes") or 0
        total = min(total, limit)
        available = min(available, limit - max(0, used - _cached(folder)))
    return Memory(total, max(0, min(available, total)))


def _affinity() -> frozenset[int]:
    if hasattr(os, "sched_getaffinity"):
        return frozenset(os.sched_getaffinity(0)) or frozenset({0})
    return frozenset(range(os.cpu_count() or 1))


def _cores(root: Path, cpus: frozenset[int]) -> int | None:
    """Cores behind these CPUs; None unless the system tells of every one."""
    seen = set()
    for cpu in cpus:
        siblings = _text(root / f"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        if not siblings:
            return None
        seen.add(siblings)
    return len(seen) or None


def _quota(folder: Path) -> float | None:
    modern = _text(folder / "cpu.max").split()  # "200000 100000" or "max 100000"
    if len(modern) == 2 and modern[0].isdecimal() and modern[1].isdecimal() and int(modern[1]):
        return int(modern[0]) / int(modern[1])
    quota, period = _number(folder / "cpu.cfs_quota_us"), _number(folder / "cpu.cfs_period_us")
    return quota / period if quota and period else None  # a quota of -1 is not a number here: no limit


def _cached(folder: Path) -> int:
    """Bytes of cached files in the cgroup's use: the system gives them back when asked, as in MemAvailable."""
    stat = dict(re.findall(r"^(\w+) (\d+)$", _text(folder / "memory.stat"), re.MULTILINE))
    prefix = "total_" if "total_active_file" in stat else ""  # version 1: with the groups below
    return sum(int(stat.get(f"{prefix}{kind}_file", 0)) for kind in ("active", "inactive"))


def _folders(root: Path, controller: str) -> Iterator[Path]:
    """The cgroup folders that bound this process, its own first, then each one above it."""
    paths = _cgroup_paths(root, controller)
    for mount, mounted, version in _mounts(root, controller):
        path = paths.get(version)
        if path is None:
            continue
        try:
            inside = PurePosixPath(path).relative_to(mounted)
        except ValueError:
            inside = PurePosixPath()  # the mount shows another part of the tree: its top is the nearest there is
        if ".." in inside.parts:
            inside = PurePosixPath()
        top = root / mount.lstrip("/")
        for folder in (inside, *inside.parents):
            yield top / folder


def _cgroup_paths(root: Path, controller: str) -> dict[int, str]:
    """Version 1 or 2 -> this process's path in the hierarchy that has the controller."""
    paths = {}
    for line in _text(root / "proc/self/cgroup").splitlines():
        number, _, rest = line.partition(":")
        names, _, path = rest.partition(":")
        if number == "0" and not names:
            paths[2] = path
        elif controller in names.split(","):
            paths[1] = path
    return paths


def _mounts(root: Path, controller: str) -> Iterator[tuple[str, str, int]]:
    """Mount point, the part of the hierarchy that is mounted there, and the version, of each cgroup mount."""
    for line in _text(root / "proc/self/mountinfo").splitlines():
        head, _, tail = line.partition(" - ")
        place, kind = head.split(), tail.split()
        if len(place) < 5 or len(kind) < 3:
            continue
        if kind[0] == "cgroup2":
            yield _unescape(place[4]), _unescape(place[3]), 2
        elif kind[0] == "cgroup" and controller in kind[2].split(","):
            yield _unescape(place[4]), _unescape(place[3]), 1


def _unescape(text: str) -> str:
    """Undoes the octal escapes of mountinfo: blanks are written `\\040`."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)


def _number(path: Path) -> int | None:
    text = _text(path)
    return int(text) if text.isdecimal() else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
