"""The order of work: which notebook comes next, and how the queue marks each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from nbalign.tui.plain import content, one_line

if TYPE_CHECKING:
    from nbalign.store.notebooks import NotebookInfo


class Queue:
    """The notebooks of a workspace in the order of work.

    Args:
        infos: The notebooks, as imported.
        total: Dimensions a notebook is scored on.
        counts: Notebook hash -> dimensions scored; read anew for each answer, so it may change.
        flags: Notebook hash -> marks; the same.
    """

    def __init__(
        self, infos: Sequence[NotebookInfo], total: int, counts: Mapping[str, int], flags: Mapping[str, set[str]]
    ) -> None:
        self.infos = list(infos)
        self.total = total
        self._counts, self._flags = counts, flags
        self.at = 0

    @property
    def info(self) -> NotebookInfo:
        """The notebook in view."""
        return self.infos[self.at]

    def done(self, sha256: str) -> bool:
        """Whether every dimension is scored."""
        return self._counts.get(sha256, 0) >= self.total

    def marked(self, sha256: str, flag: str) -> bool:
        """Whether the rater set this flag."""
        return flag in self._flags.get(sha256, ())

    def tally(self) -> tuple[int, int, int]:
        """How many notebooks are labelled, flagged and skipped."""
        shas = [info.sha256 for info in self.infos]
        return (
            sum(self.done(sha) for sha in shas),
            sum(self.marked(sha, "flagged") for sha in shas),
            sum(self.marked(sha, "skipped") and not self.done(sha) for sha in shas),
        )

    def start_at(self, sha256: str) -> None:
        """Begins with a notebook, or, when it is empty or unknown, with the first one that is open."""
        for index, info in enumerate(self.infos):
            if info.sha256 == sha256:
                self.at = index
                return
        self.at = -1
        self.at = self.next_open(fallback=0)

    def next_open(self, fallback: int) -> int:
        """Index of the next notebook to label: after this one, round the end, those that were skipped last."""
        count = len(self.infos)
        order = [(self.at + step) % count for step in range(1, count + 1)]
        for skipped in (False, True):
            for index in order:
                sha = self.infos[index].sha256
                if index != self.at and not self.done(sha) and self.marked(sha, "skipped") == skipped:
                    return index
        return fallback

    def row(self, index: int, width: int) -> Content:
        """One line of the queue: mark, name, progress."""
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
