"""The folder on disk that a sandbox lives in: made, measured and taken away, whatever was done inside it."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from nbalign.errors import SandboxError

_MOST_FILES = 50_000  # more are a way to fill a disk too, and take long to count
_NOBODY = 65534

_PASSWD = "root:x:0:0:root:/root:/usr/sbin/nologin\n{user}:x:{uid}:{gid}:{user}:{home}:/bin/sh\n"
_HOSTS = "127.0.0.1 localhost notebook\n::1 localhost\n"
_NAMES = "passwd: files\ngroup: files\nhosts: files\n"


class Scratch:
    """A folder with `work`, `home`, `tmp` and `shm`, which the sandbox may write, and `etc`, which it may read.

    Nothing in here is a file system in memory: what a notebook writes is measured as disk and not missed as memory.

    Args:
        owner: The user that code in the sandbox runs as, where that is not this one.

    Raises:
        SandboxError: If there is no room for it.
    """

    WRITABLE = ("work", "home", "tmp", "shm")

    def __init__(self, owner: int | None = None) -> None:
        try:
            self.folder = Path(tempfile.mkdtemp(prefix="nbalign-")).resolve()
            for name in (*self.WRITABLE, "etc", "root"):
                (self.folder / name).mkdir()
        except OSError as error:
            raise SandboxError(
                f"cannot make a folder for the notebook: {error.strerror or error}",
                "Free some space in the folder for temporary files, or set TMPDIR to another.",
            ) from error
        self._owner = owner

    @property
    def work(self) -> Path:
        """The working folder of the notebook."""
        return self.folder / "work"

    def furnish(self, runner: str, home: str, links: tuple[str, ...], user: int) -> None:
        """Writes `etc`: the runner, and as little of a system's settings as programs need.

        Args:
            runner: Text of the runner.
            home: Home folder, as the sandbox sees it.
            links: Folders of the system's own /etc that are going to be mounted here.
            user: Number of the user, as the sandbox sees it.
        """
        etc = self.folder / "etc"
        texts = {
            "runner.py": runner,
            "passwd": _PASSWD.format(user="notebook", uid=user, gid=user, home=home),
            "group": f"root:x:0:\nnotebook:x:{user}:\n",
            "hosts": _HOSTS,
            "nsswitch.conf": _NAMES,
        }
        for name, text in texts.items():
            (etc / name).write_text(text, encoding="utf-8")
        for name in ("ld.so.cache", "localtime"):
            with contextlib.suppress(OSError):
                shutil.copyfile(f"/etc/{name}", etc / name)
        for name in links:
            (etc / name).mkdir()
        # Whatever our umask is, and whoever it runs as.
        self.folder.chmod(0o711)
        for place in (etc, *etc.iterdir()):
            place.chmod(0o755 if place.is_dir() else 0o644)

    def hand_over(self) -> None:
        """Gives the writable folders, and the data copied into them, to the user of the sandbox."""
        for name in self.WRITABLE:
            place = self.folder / name
            place.chmod(0o700)
            if self._owner is not None:
                for each in (place, *place.iterdir()):
                    os.chown(each, self._owner, self._owner)

    def used(self) -> tuple[int, bool]:
        """Bytes on disk, and whether there are more files, or deeper folders, than anybody needs.

        Never follows a link, never raises.
        """
        size = count = 0
        queue = [str(self.folder / name) for name in self.WRITABLE]
        while queue:
            place = queue.pop()
            if len(place) > 3000:
                return size, True
            try:
                with os.scandir(place) as entries:
                    for entry in entries:
                        count += 1
                        if count > _MOST_FILES:
                            return size, True
                        with contextlib.suppress(OSError):
                            size += entry.stat(follow_symlinks=False).st_blocks * 512
                            if entry.is_dir(follow_symlinks=False):
                                queue.append(entry.path)
            except OSError:
                continue  # gone meanwhile, or closed to us
        return size, False

    def remove(self) -> None:
        """Deletes the folder and everything in it. Safe to call twice."""
        remove(self.folder)


def remove(folder: Path) -> None:
    """Deletes a folder and everything in it. Never follows a link, never raises.

    Folders below are first moved up, one by one: however deep they were nested, no path becomes too long.
    """
    with contextlib.suppress(OSError):
        _empty(folder)
        folder.rmdir()


def _empty(top: Path) -> None:
    queue = [top]
    count = 0
    while queue:
        place = queue.pop()
        with contextlib.suppress(OSError):
            place.chmod(0o700)
        for name in os.listdir(place):  # noqa: PTH208 - names may be no text, and there may be very many
            entry = place / name
            try:
                if stat.S_ISDIR(entry.lstat().st_mode):
                    with contextlib.suppress(OSError):
                        entry.chmod(0o700)  # to be moved, a folder must be open to its owner
                    count += 1
                    moved = top / f".{count}"
                    entry.rename(moved)
                    queue.append(moved)
                else:
                    entry.unlink()
            except OSError:
                continue
        if place != top:
            with contextlib.suppress(OSError):
                place.rmdir()


def nobody() -> int | None:
    """The user that root's sandboxes run as; None where this process is not root."""
    return _NOBODY if os.geteuid() == 0 else None
