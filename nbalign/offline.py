"""Nothing leaves this machine: the guard that refuses network use inside the process.

`install` adds an audit hook (`sys.addaudithook`): Python tells it about every socket, name look-up and URL before the
operating system sees them, and the hook says no. Sockets of the family AF_UNIX stay allowed, because they never leave
the machine and asyncio, multiprocessing and the terminal need them.

What an audit hook cannot see, so that nobody trusts it further than it reaches:

- native code that calls the operating system itself (a C library, `ctypes`);
- child processes: each has to install its own guard, as the engine's worker does, or is meant to use the network, as
  the download of `nbalign models pull` is;
- a program that listens on a UNIX socket and passes on what it is sent (a proxy, a container daemon);
- code in this process that is out to get round it. It stops accidents and well-behaved libraries; it is no sandbox.

Where more is needed, take the network away from outside, for example with `unshare --net`. nbalign works there.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from nbalign.errors import NbalignError


class NetworkRefused(NbalignError, PermissionError):
    """Something in this process tried to use the network.

    It is a `PermissionError` too, so that libraries which cope with a network that is down cope with this.
    """


_HINT: Final = "nbalign works offline; only `nbalign models pull` uses the network."
_LOCAL: Final = int(socket.AF_UNIX)
_FROM_DESCRIPTOR: Final = -1  # the family of a socket that wraps an open descriptor: looked at when it is used

_lock = threading.Lock()
_allowed = 0  # how many `allow_network` blocks are open, over all threads
_installed = False


def install() -> None:
    """Refuses network use in this process from now on; a second call changes nothing.

    An audit hook cannot be taken away again: only `allow_network` opens it, for a while.
    """
    global _installed
    with _lock:
        if _installed:
            return
        sys.addaudithook(_hook)
        _installed = True


def is_installed() -> bool:
    """Whether `install` was called in this process."""
    return _installed


@contextmanager
def allow_network() -> Iterator[None]:
    """Allows network use while the block runs.

    It holds for the whole process, so that threads started inside the block may use the network too; blocks may be
    nested and may overlap between threads, and the network is refused again when the last of them ends.
    """
    global _allowed
    with _lock:
        _allowed += 1
    try:
        yield
    finally:
        with _lock:
            _allowed -= 1


def _new_socket(args: tuple[Any, ...]) -> str | None:
    family = args[1]
    return None if family in (_LOCAL, _FROM_DESCRIPTOR) else f"open a socket of the family {_family_name(family)}"


def _use_socket(verb: str) -> Callable[[tuple[Any, ...]], str | None]:
    def check(args: tuple[Any, ...]) -> str | None:
        if int(args[0].family) == _LOCAL:
            return None
        return f"{verb} {_where(args[1])}" if args[1] is not None else f"{verb} the network"

    return check


def _look_up(args: tuple[Any, ...]) -> str:
    return f"look up {_where(args[0])}"


def _connect(args: tuple[Any, ...]) -> str:
    return f"connect to {_where(args[1])}"


def _open_url(args: tuple[Any, ...]) -> str:
    return f"open {_where(args[0])}"


# Audit event -> what was tried, in words, or None where it stays on this machine.
_CHECKS: Final[dict[str, Callable[[tuple[Any, ...]], str | None]]] = {
    "socket.__new__": _new_socket,
    "socket.connect": _use_socket("connect to"),
    "socket.bind": _use_socket("listen on"),
    "socket.sendto": _use_socket("send to"),
    "socket.sendmsg": _use_socket("send to"),
    "socket.getaddrinfo": _look_up,
    "socket.gethostbyname": _look_up,
    "socket.gethostbyaddr": _look_up,
    "socket.getnameinfo": _look_up,
    "http.client.connect": _connect,
    "ftplib.connect": _connect,
    "imaplib.open": _connect,
    "poplib.connect": _connect,
    "smtplib.connect": _connect,
    "urllib.Request": _open_url,
    "webbrowser.open": _open_url,
}


def _hook(event: str, args: tuple[Any, ...]) -> None:
    # Called for every import, open and compile of the process: the common way out has to be quick.
    check = _CHECKS.get(event)
    if check is None or _allowed:
        return
    tried = check(args)
    if tried is not None:
        raise NetworkRefused(f"refused to {tried}: nothing leaves this machine", _HINT)


def _where(address: object) -> str:
    """An address in printable characters, bounded: it may come from a hostile file."""
    if isinstance(address, tuple) and len(address) >= 2:
        address = f"{address[0]}:{address[1]}"
    if isinstance(address, bytes):
        address = address.decode("utf-8", "replace")
    text = "".join(c if c.isprintable() else "?" for c in str(address))
    return text if len(text) <= 120 else text[:119] + "…"


def _family_name(family: int) -> str:
    try:
        return socket.AddressFamily(family).name
    except ValueError:
        return str(family)
