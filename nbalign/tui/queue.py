"""The order of work: which notebook comes next, and how the queue marks each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from nbalign.tui.plain import content, one_line

if TYPE_CHECKING:
    from nbalign.audit.order import Ordered
    from nbalign.audit.order_kinds import OrderKind
    from nbalign.store.notebooks import NotebookInfo


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the queue is.

    Attributes:
        done: Notebooks scored on every dimension.
        flagged: Notebooks with a flag.
        skipped: Open notebooks that were skipped.
        open_dimensions: Dimensions without a score, over all notebooks.
    """

    done: int
    flagged: int
    skipped: int
    open_dimensions: int


class Queue:
    """The notebooks of a workspace in the order of work.

    Args:
        infos: The notebooks, as imported.
        total: Dimensions a notebook is scored on.
        counts: Notebook hash -> dimensions scored; read anew for each answer, so it may change.
        flags: Notebook hash -> marks; the same.

    Attributes:
        infos: All notebooks, in the order of work.
        at: Index of the notebook in view.
        kind: What the order is.
        shown: Indices of the notebooks that the list shows: all, or those whose name contains `needle`.
        needle: What their names contain, as it was typed; empty shows all.
    """

    def __init__(
        self, infos: Sequence[NotebookInfo], total: int, counts: Mapping[str, int], flags: Mapping[str, set[str]]
    ) -> None:
        self.infos = list(infos)
        self.total = total
        self._counts, self._flags = counts, flags
        self._reasons: dict[str, str] = {}
        self.at = 0
        self.kind: OrderKind = "imported"
        self.needle = ""
        self.shown: Sequence[int] = range(len(self.infos))

    @property
    def info(self) -> NotebookInfo:
        """The notebook in view."""
        return self.infos[self.at]

    @property
    def reason(self) -> str:
        """Why the notebook in view stands where it stands; empty where the order has no reasons."""
        return self._reasons.get(self.info.sha256, "") if self.infos else ""

    def arrange(self, ordered: Ordered) -> None:
        """Takes another order; the notebook in view stays in view."""
        in_view = self.info.sha256 if self.infos else ""
        places = {place.notebook: n for n, place in enumerate(ordered.places)}
        self.infos.sort(key=lambda info: places.get(info.sha256, len(places)))  # one imported since comes last
        self.kind = ordered.kind
        self._reasons = {place.notebook: place.reason for place in ordered.places if place.reason}
        self.at = next((n for n, info in enumerate(self.infos) if info.sha256 == in_view), 0)
        self.find(self.needle)

    def find(self, needle: str) -> None:
        """Shows the notebooks whose name contains a text, case aside; an empty one shows all."""
        self.needle = needle
        wanted = needle.strip().casefold()
        if wanted:
            self.shown = [n for n, info in enumerate(self.infos) if wanted in info.name.casefold()]
        else:
            self.shown = range(len(self.infos))

    @property
    def cursor(self) -> int:
        """The row of the notebook in view; -1 when the list does not show it."""
        try:
            return self.shown.index(self.at)
        except ValueError:
            return -1

    def beside(self, step: int) -> tuple[int, bool]:
        """The notebook so many rows on, among those that the list shows.

        Returns:
            Its index (the one in view where none is shown), and whether the way led round an end.
        """
        if not self.shown:
            return self.at, False
        row = self.cursor
        if row < 0:  # what is in view is filtered out: begins at the top, or from the bottom
            return self.shown[0 if step > 0 else -1], False
        return self.shown[(row + step) % len(self.shown)], not 0 <= row + step < len(self.shown)

    def done(self, sha256: str) -> bool:
        """Whether every dimension is scored."""
        return self._counts.get(sha256, 0) >= self.total

    def marked(self, sha256: str, flag: str) -> bool:
        """Whether the rater set this flag."""
        return flag in self._flags.get(sha256, ())

    def tally(self) -> Tally:
        """How many notebooks are labelled, flagged and skipped, and how much is open."""
        done = flagged = skipped = missing = 0
        for info in self.infos:
            left = max(self.total - self._counts.get(info.sha256, 0), 0)
            done += not left
            missing += left
            marks = self._flags.get(info.sha256)
            if marks:
                flagged += "flagged" in marks
                skipped += "skipped" in marks and left > 0
        return Tally(done, flagged, skipped, missing)

    def start_at(self, sha256: str) -> None:
        """Begins with a notebook, or, when it is empty or unknown, with the first one that is open."""
        for index, info in enumerate(self.infos):
            if info.sha256 == sha256:
                self.at = index
                return
        self.at = -1
        self.at = self.next_open(fallback=0)

    def next_open(self, fallback: int) -> int:
        """Index of the next notebook to label, those that were skipped last.

        After the one in view and round the end; where the most informative come first, the first that is open.
        """
        count = len(self.infos)
        start = 0 if self.kind == "informative" else self.at + 1
        order = [(start + step) % count for step in range(count)]
        for skipped in (False, True):
            for index in order:
                sha = self.infos[index].sha256
                if index != self.at and not self.done(sha) and self.marked(sha, "skipped") == skipped:
                    return index
        return fallback

    def row(self, row: int, width: int) -> Content:
        """One line of the list: mark, name, progress."""
        index = self.shown[row]
        info = self.infos[index]
        sha = info.sha256
        done = self.done(sha)
        flag = "⚑" if self.marked(sha, "flagged") else "s" if self.marked(sha, "skipped") and not done else " "
        state, style = ("✔", "$text-success") if done else ("○", "")
        if index == self.at:
            state = "●"
        progress = f"{self._counts.get(sha, 0)}/{self.total}"
        room = max(width - len(progress) - 5, 4)
        name = one_line(info.name.removesuffix(".ipynb"), room)
        pad = " " * max(room - content(name).cell_length, 0)
        return content((state, style), (flag, "bold $text-warning"), f" {name}{pad} ", (progress, style))
