"""Cited cells as links: to a target that the caller makes, or to an excerpt at the end of the page itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from nbalign.evaluate.report.words import line, passage

Link = Callable[[str, int], str]
Excerpts = Mapping[tuple[str, int], str]

_SCHEMES = ("", "http", "https", "file")
_LONGEST = 4000  # characters of an excerpt


@dataclass(frozen=True, slots=True)
class Cited:
    """A cited cell.

    Attributes:
        number: Of the cell.
        target: Where its link leads; empty for none.
    """

    number: int
    target: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A cell that is shown at the end of the page.

    Attributes:
        anchor: Its id.
        title: Notebook and cell.
        text: The cell, clean and bounded.
        back: (anchor, title) of what cites it.
    """

    anchor: str
    title: str
    text: str
    back: tuple[tuple[str, str], ...]


class Citations:
    """Makes the links and remembers which excerpts they lead to."""

    def __init__(self, link: Link | None = None, excerpts: Excerpts | None = None) -> None:
        """Takes what `html` was given.

        Args:
            link: Notebook and cell -> target. One that is not http, https, file or relative is not used.
            excerpts: (notebook, cell) -> text, for cells without such a target.
        """
        self._link = link
        self._excerpts = excerpts or {}
        self._anchors: dict[tuple[str, int], str] = {}
        self._names: dict[tuple[str, int], str] = {}
        self._back: dict[tuple[str, int], dict[str, str]] = {}

    def cite(self, notebook: str, name: str, cell: int, anchor: str, title: str) -> Cited:
        """A cell that is cited at the place `anchor` of the page, which is called `title`."""
        target = safe(self._link(notebook, cell)) if self._link is not None else ""
        key = (notebook, cell)
        if not target and key in self._excerpts:
            # Numbered: nothing of a notebook's hash or name may stand in an id.
            target = "#" + self._anchors.setdefault(key, f"cell-{len(self._anchors) + 1}")
            self._names.setdefault(key, line(name, 80))
            self._back.setdefault(key, {}).setdefault(anchor, title)
        return Cited(cell, target)

    def excerpts(self) -> list[Excerpt]:
        """The cells that links of the page lead to, by notebook and cell."""
        keys = sorted(self._anchors, key=lambda key: (self._names[key], key))
        return [
            Excerpt(
                self._anchors[key],
                f"{self._names[key]}, cell {key[1]}",
                passage(self._excerpts[key], _LONGEST),
                tuple(self._back[key].items()),
            )
            for key in keys
        ]


def safe(target: str) -> str:
    """A target that may stand in a link, or nothing: `javascript:` and its like never do.

    Browsers pass over control characters and white space in a scheme, so a target with any of these is refused too.
    """
    if not target or not target.isprintable() or any(character.isspace() for character in target.strip()):
        return ""
    target = target.strip()
    try:
        scheme = urlsplit(target).scheme
    except ValueError:
        return ""
    # `1:2` and `Δ:x` have no scheme for urlsplit and may have one for others.
    if not scheme and ":" in target.split("/")[0].split("#")[0].split("?")[0]:
        return ""
    return target if scheme.lower() in _SCHEMES else ""
