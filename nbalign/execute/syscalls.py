"""The system calls that a sandbox is made with and that Python 3.11 has no name for."""

from __future__ import annotations

import ctypes
import os
import platform

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_NOATIME, MS_NODIRATIME, MS_BIND, MS_REC, MS_PRIVATE = 1024, 2048, 4096, 16384, 1 << 18
MS_RELATIME, MS_STRICTATIME = 1 << 21, 1 << 24
_MNT_DETACH = 2
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 36, 38
_KEYCTL_JOIN_SESSION_KEYRING = 1
_SIGKILL = 9
_LAST_CAPABILITY = 63  # the kernel knows 41 today; it answers EINVAL for those it does not know

# glibc has no function for these two, and each processor numbers them its own way.
_GENERIC = {"pivot_root": 41, "keyctl": 219}
_NUMBERS = {
    "x86_64": {"pivot_root": 155, "keyctl": 250},
    "aarch64": _GENERIC,
    "riscv64": _GENERIC,
    "loongarch64": _GENERIC,
    "ppc64le": {"pivot_root": 203, "keyctl": 271},
    "s390x": {"pivot_root": 217, "keyctl": 280},
}

_libc = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    """Gives this process namespaces of its own.

    Raises:
        OSError: If the system refuses.
    """
    _check(_libc.unshare(flags), "unshare")


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    """Mounts, binds or changes a mount, as mount(2) does.

    Raises:
        OSError: If the system refuses; its `filename` is the target.
    """
    words = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    _check(_libc.mount(words[0], words[1], words[2], ctypes.c_ulong(flags), words[3]), target)


def change_root(new: str) -> None:
    """Makes a mount the root of this mount namespace and takes the old one away.

    Args:
        new: A mount point.

    Raises:
        OSError: If the system refuses.
    """
    os.chdir(new)
    number = _NUMBERS.get(platform.machine(), {}).get("pivot_root")
    if number is None:
        raise OSError(38, f"not known how to change the root on {platform.machine()}")
    # The old root is stacked on the new one, and what is mounted last is what "." unmounts: pivot_root(2).
    _check(_libc.syscall(ctypes.c_long(number), b".", b"."), "pivot_root")
    _check(_libc.umount2(b".", _MNT_DETACH), "umount2")
    os.chdir("/")


def drop_capabilities() -> None:
    """Gives up all capabilities for good, also those that a program might bring: nothing run later gets any back.

    Raises:
        OSError: If the system refuses.
    """
    for capability in range(_LAST_CAPABILITY + 1):
        _libc.prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0)  # without CAP_SETPCAP there is none to drop
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), 0, 0, 0), "no_new_privs")
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    nothing = (ctypes.c_uint32 * 6)()
    _check(_libc.capset(header, nothing), "capset")


def die_with_parent() -> None:
    """Has the kernel kill this process when its parent dies. A change of user or capabilities takes it back."""
    _libc.prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(_SIGKILL), 0, 0, 0)


def set_dumpable(value: bool) -> None:
    """Whether other processes of the same user may look into this one, and its own files in /proc are its own."""
    _libc.prctl(_PR_SET_DUMPABLE, ctypes.c_ulong(value), 0, 0, 0)


def take_orphans() -> None:
    """Makes processes below, whose parent has ended, children of this one."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(1), 0, 0, 0)


def join_new_keyring() -> None:
    """Leaves the user's session keyring for an empty one, where the system has keyrings."""
    number = _NUMBERS.get(platform.machine(), {}).get("keyctl")
    if number is not None:
        _libc.syscall(ctypes.c_long(number), ctypes.c_ulong(_KEYCTL_JOIN_SESSION_KEYRING), None)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
