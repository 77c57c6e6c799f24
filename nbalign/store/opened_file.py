"""Whether the file that was opened still lies where it lay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nbalign.errors import StoreError


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file as it was when it was opened.

    Attributes:
        path: Where it lay.
        device: The file system that it is on.
        inode: Its number there.
    """

    path: Path
    device: int
    inode: int

    @classmethod
    def at(cls, path: Path) -> OpenedFile:
        """The file that lies there now.

        Raises:
            OSError: If there is none.
        """
        found = path.resolve()
        there = found.stat()
        return cls(found, there.st_dev, there.st_ino)

    def refuse_lost(self) -> None:
        """Refuses where the file was taken away: what SQLite writes to one without a name seems saved and is lost.

        Raises:
            StoreError: If it was deleted, moved or replaced.
        """
        try:
            there = self.path.stat()
            here = (there.st_dev, there.st_ino) == (self.device, self.inode)
        except OSError:
            here = False
        if not here:
            raise StoreError(
                f"{self.path} was deleted, moved or replaced while it was open",
                "Nothing more is saved until the same file lies there again; else open the workspace anew.",
            )
