"""What the processes of a sandbox use, measured from outside: inside, they could lie about it."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Used:
    """What a tree of processes uses.

    Attributes:
        memory: Bytes that are theirs: not files of the disk that the system could drop, but what is swapped out, too.
        tasks: Processes and threads.
        hidden_memory: Bytes of files in memory that they hold open.
        hidden_disk: Bytes of deleted files that they hold open.
    """

    memory: int = 0
    tasks: int = 0
    hidden_memory: int = 0
    hidden_disk: int = 0


def tree(top: int) -> list[int]:
    """All processes below one, itself left out."""
    children: dict[int, list[int]] = {}
    for name in os.listdir(_PROC):  # noqa: PTH208 - several times a second
        if name.isdecimal():
            with contextlib.suppress(OSError, ValueError, IndexError):
                parent = int((_PROC / name / "stat").read_bytes().rpartition(b")")[2].split()[1])
                children.setdefault(parent, []).append(int(name))
    found, queue = [], [top]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def memory_and_tasks(processes: list[int], bound: int) -> Used:
    """Memory and threads.

    Args:
        processes: Process ids.
        bound: Bytes. Only a quick sum above it is looked at again: memory that processes share, such as that of a
            worker forked from the kernel, is then counted once.
    """
    memory = tasks = 0
    for pid in processes:
        fields = _fields(_PROC / str(pid) / "status")
        memory += fields.get("RssAnon", 0) + fields.get("RssShmem", 0) + fields.get("VmSwap", 0)
        tasks += fields.get("Threads", 0)
    if memory > bound:
        memory = sum(map(_proportional, processes))
    return Used(memory, tasks)


def hidden(processes: list[int]) -> Used:
    """What stands in no folder: files in memory, and deleted files that somebody still has open."""
    memory = disk = 0
    seen: set[tuple[int, int]] = set()
    for pid in processes:
        folder = f"/proc/{pid}/fd"
        with contextlib.suppress(OSError):
            for name in os.listdir(folder):  # noqa: PTH208
                with contextlib.suppress(OSError):
                    link = os.readlink(f"{folder}/{name}")  # noqa: PTH115
                    if not link.endswith(" (deleted)"):
                        continue
                    found = os.stat(f"{folder}/{name}")  # noqa: PTH116
                    if (found.st_dev, found.st_ino) in seen:
                        continue
                    seen.add((found.st_dev, found.st_ino))
                    if link.startswith("/memfd:"):
                        memory += found.st_blocks * 512
                    else:
                        disk += found.st_blocks * 512
    return Used(hidden_memory=memory, hidden_disk=disk)


def machine_is_full() -> bool:
    """Whether the machine has next to no memory left, whoever has it: some kinds of it belong to no process."""
    fields = _fields(_PROC / "meminfo")
    available, total = fields.get("MemAvailable"), fields.get("MemTotal", 0)
    return available is not None and available < min(256 << 20, total // 50)


def _proportional(pid: int) -> int:
    """Bytes of a process, what it shares divided by the number of those who share it."""
    fields = _fields(_PROC / str(pid) / "smaps_rollup")
    if "Pss_Anon" in fields:
        return fields["Pss_Anon"] + fields.get("Pss_Shmem", 0) + fields.get("SwapPss", 0)
    fields = _fields(_PROC / str(pid) / "status")  # closed to us, or an older kernel
    return fields.get("RssAnon", 0) + fields.get("RssShmem", 0) + fields.get("VmSwap", 0)


def _fields(path: Path) -> dict[str, int]:
    """The numbers of a file such as /proc/meminfo, in bytes where it says kB; empty where it cannot be read."""
    found: dict[str, int] = {}
    with contextlib.suppress(OSError):
        for line in path.read_bytes().splitlines():
            name, _, rest = line.decode("utf-8", "replace").partition(":")
            words = rest.split()
            if words and words[0].isdecimal() and name not in found:
                found[name] = int(words[0]) * (1024 if words[1:] == ["kB"] else 1)
    return found
