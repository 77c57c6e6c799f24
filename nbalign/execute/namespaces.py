"""A sandbox of our own making, for machines without bubblewrap: namespaces, a small view of the files, no rights.

`enter` is called by the guard before it forks, `settle` by its child, which is then process 1 of the new process
namespace. Two ways in:

- an ordinary user gets a user namespace first, in which it may mount;
- root needs none to make the others, and becomes the user `nobody` once the view stands. That user then gets a user
  namespace too, but only to forbid further ones.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import socket
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbalign.execute import syscalls as sys_

_NOBODY = 65534
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_IOCTL_GET_FLAGS, _IOCTL_SET_FLAGS, _UP = 0x8913, 0x8914, 1
_ALL = sys_.CLONE_NEWPID | sys_.CLONE_NEWNET | sys_.CLONE_NEWIPC | sys_.CLONE_NEWUTS


@dataclass(frozen=True, slots=True)
class Entered:
    """How the namespaces were entered.

    Attributes:
        as_root: Whether root made them, without a user namespace.
    """

    as_root: bool


def enter() -> Entered:
    """Puts this process into new namespaces; the process namespace takes effect for its children.

    The mount namespace is left to the child: a change of root changes it for everybody in that namespace, and the
    guard has to go on seeing this machine's processes and files.

    Raises:
        OSError: If the system refuses.
    """
    if os.geteuid() == 0:
        try:
            sys_.unshare(_ALL)
        except PermissionError:
            # Root without its rights, as in most containers. Its number alone opens files of root's: better not root.
            _become_nobody()
        else:
            return Entered(as_root=True)
    user, group = os.geteuid(), os.getegid()
    sys_.unshare(sys_.CLONE_NEWUSER | _ALL)
    _map(user, group)
    return Entered(as_root=False)


def settle(entered: Entered, view: dict[str, Any]) -> None:
    """Makes the view of the files, and gives up all rights.

    Args:
        entered: What `enter` returned.
        view: `root`, an empty folder to build it in; `binds`, lists of source, target and whether it is writable;
            `symlinks`, lists of text and target. Parents stand before what lies in them.

    Raises:
        OSError: If the system refuses.
    """
    sys_.unshare(sys_.CLONE_NEWNS)
    with contextlib.suppress(OSError):
        sys_.unshare(sys_.CLONE_NEWCGROUP)
    with contextlib.suppress(OSError):
        socket.sethostname("notebook")
    _raise_loopback()
    _build(view)
    sys_.change_root(view["root"])
    _remount("/", sys_.MS_RDONLY | sys_.MS_NOSUID | sys_.MS_NODEV)
    if entered.as_root:
        _become_nobody()
        # Where the system refuses, what runs here is refused as well.
        with contextlib.suppress(OSError):
            sys_.unshare(sys_.CLONE_NEWUSER)
            _map(_NOBODY, _NOBODY)
            _forbid_more()
    else:
        _forbid_more()
    sys_.drop_capabilities()
    sys_.set_dumpable(False)
    sys_.die_with_parent()


def _become_nobody() -> None:
    os.setgroups([])
    os.setresgid(_NOBODY, _NOBODY, _NOBODY)
    os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    sys_.set_dumpable(True)  # after a change of user /proc/self belongs to root, and _map could not write there


def _map(user: int, group: int) -> None:
    """Gives a new user namespace its one user and one group, under their own numbers."""
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _forbid_more() -> None:
    """No user namespaces in this one: in a further one, code could mount and would see more of the kernel.

    Call this only in a user namespace of our own: the number is counted and kept for each of them.
    """
    with contextlib.suppress(OSError):
        Path("/proc/sys/user/max_user_namespaces").write_text("0")


def _raise_loopback() -> None:
    """Libraries talk to themselves over 127.0.0.1; in a new network namespace even that is down."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ask:
        request = struct.pack("16sh22x", b"lo", 0)
        flags = struct.unpack("16sh22x", fcntl.ioctl(ask, _IOCTL_GET_FLAGS, request))[1]
        fcntl.ioctl(ask, _IOCTL_SET_FLAGS, struct.pack("16sh22x", b"lo", flags | _UP))


def _build(view: dict[str, Any]) -> None:
    root = view["root"]
    quiet = sys_.MS_NOSUID | sys_.MS_NODEV
    sys_.mount(None, "/", None, sys_.MS_REC | sys_.MS_PRIVATE)  # nothing of this is seen outside
    sys_.mount("tmpfs", root, "tmpfs", quiet, "size=1m,mode=0755")
    Path(root, "proc").mkdir()
    sys_.mount("proc", f"{root}/proc", "proc", quiet | sys_.MS_NOEXEC)
    _devices(Path(root, "dev"))
    for text, target in view["symlinks"]:
        link = Path(root + target)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(text)
    for source, target, writable in view["binds"]:
        _bind(source, root + target, writable=writable)


def _devices(folder: Path) -> None:
    folder.mkdir()
    for name in _DEVICES:
        (folder / name).touch()
        sys_.mount(f"/dev/{name}", str(folder / name), None, sys_.MS_BIND)
    for name, text in {
        "fd": "/proc/self/fd",
        "stdin": "/proc/self/fd/0",
        "stdout": "/proc/self/fd/1",
        "stderr": "/proc/self/fd/2",
        "ptmx": "pts/ptmx",
    }.items():
        (folder / name).symlink_to(text)
    (folder / "pts").mkdir()
    with contextlib.suppress(OSError):  # without terminals of its own, `!command` in a cell fails and all else works
        options = "newinstance,ptmxmode=0666,mode=0620"
        sys_.mount("devpts", str(folder / "pts"), "devpts", sys_.MS_NOSUID | sys_.MS_NOEXEC, options)


def _bind(source: str, target: str, *, writable: bool) -> None:
    place = Path(target)
    if Path(source).is_dir():
        place.mkdir(parents=True, exist_ok=True)
    elif not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    sys_.mount(source, target, None, sys_.MS_BIND | sys_.MS_REC)
    flags = sys_.MS_NOSUID | sys_.MS_NODEV | (0 if writable else sys_.MS_RDONLY)
    for point in _mounts_at(target):
        _remount(point, flags)


def _remount(point: str, flags: int) -> None:
    """Adds flags to a mount. Those it has must be repeated, or a user namespace is refused."""
    has = os.statvfs(point).f_flag
    kept = {
        os.ST_RDONLY: sys_.MS_RDONLY,
        os.ST_NOSUID: sys_.MS_NOSUID,
        os.ST_NODEV: sys_.MS_NODEV,
        os.ST_NOEXEC: sys_.MS_NOEXEC,
        os.ST_NOATIME: sys_.MS_NOATIME,
        os.ST_NODIRATIME: sys_.MS_NODIRATIME,
        os.ST_RELATIME: sys_.MS_RELATIME,
    }
    for mark, flag in kept.items():
        flags |= flag if has & mark else 0
    if not has & (os.ST_NOATIME | os.ST_RELATIME):
        flags |= sys_.MS_STRICTATIME
    sys_.mount(None, point, None, sys_.MS_REMOUNT | sys_.MS_BIND | flags)


def _mounts_at(target: str) -> list[str]:
    """A mount point and those below it, which a recursive bind brought along."""
    real = os.path.realpath(target)
    found = []
    for line in Path("/proc/self/mountinfo").read_text(errors="surrogateescape").splitlines():
        point = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), line.split()[4])
        if point == real or point.startswith(real + "/"):
            found.append(point)
    return found or [target]
