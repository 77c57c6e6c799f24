"""Reading on threads of their own: what the screen starts with, and each notebook it opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import work
from textual.message import Message
from textual.widget import Widget

from nbalign.audit.order_kinds import order_kind
from nbalign.notebooks.model import Notebook

if TYPE_CHECKING:
    from nbalign.audit.order import Ordered
    from nbalign.store.notebooks import NotebookInfo
    from nbalign.workspace import Workspace


_AT_ONCE = 50  # notebooks that may be read for an order before anything shows: well under a second


@dataclass(frozen=True, slots=True)
class Start:
    """What the queue is made of.

    Attributes:
        infos: The notebooks, as imported.
        counts: Notebook hash -> dimensions scored by this rater.
        flags: Notebook hash -> marks set by this rater.
        first: Hash of the notebook asked for; empty when none was.
        ordered: In which order this rater goes through them, as far as that was quick to tell.
        seconds: Notebook hash -> seconds that this rater has worked on it.
        facts_hidden: Whether this rater labels without the evidence.
        breaks: Whether this rater wants to be reminded of breaks.
        timed: Whether this rater's time at work is recorded.
    """

    infos: Sequence[NotebookInfo]
    counts: Mapping[str, int]
    flags: Mapping[str, set[str]]
    first: str
    ordered: Ordered
    seconds: Mapping[str, float]
    facts_hidden: bool = False
    breaks: bool = False
    timed: bool = True


def hides_facts(rater: str) -> str:
    """Name of the workspace's setting that says whether a rater labels without the evidence."""
    return f"tui.evidence.hidden:{rater}"


def order_setting(rater: str) -> str:
    """Name of the workspace's setting that says in which order a rater goes through the queue."""
    return f"tui.order:{rater}"


def breaks_setting(rater: str) -> str:
    """Name of the workspace's setting that says whether a rater wants to be reminded of breaks."""
    return f"tui.breaks:{rater}"


def timing_setting(rater: str) -> str:
    """Name of the workspace's setting that says whether a rater's time at work is recorded; it is unless it says no."""
    return f"tui.timing:{rater}"


class Reader(Widget):
    """Reads in the background and posts what it read; it draws nothing and touches no other widget.

    Args:
        workspace: The workspace.
    """

    DEFAULT_CSS = "Reader { display: none; }"

    class Started(Message):
        """The queue is read.

        Attributes:
            start: What it is made of.
        """

        def __init__(self, start: Start) -> None:
            super().__init__()
            self.start = start

    class Opened(Message):
        """A notebook is read.

        Attributes:
            notebook: The notebook.
        """

        def __init__(self, notebook: Notebook) -> None:
            super().__init__()
            self.notebook = notebook

    class Failed(Message):
        """Something could not be read.

        Attributes:
            what: What it was, for people.
            error: Why.
            notebook: Content hash of the notebook; empty for the queue.
        """

        def __init__(self, what: str, error: Exception, notebook: str = "") -> None:
            super().__init__()
            self.notebook = notebook
            self.what = what
            self.error = error

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace

    @work(thread=True, exclusive=True, group="start", exit_on_error=False)
    def start(self, rater: str, rubric: str, notebook: str | None) -> None:
        """Reads the queue of a rater and posts `Started`."""
        ws = self._workspace
        try:
            first = ws.notebook(notebook).sha256 if notebook else ""
            kind = order_kind(ws.setting(order_setting(rater)))
            ordered = ws.queue_order(rater, kind, rubric, read_words=False)
            if ordered.unread <= _AT_ONCE:  # thousands are read while the rater works
                ordered = ws.queue_order(rater, kind, rubric)
            start = Start(
                ws.notebooks(),
                ws.label_counts(rater, rubric),
                ws.flags(rater),
                first,
                ordered,
                ws.time_spent(rater, rubric),
                facts_hidden=ws.setting(hides_facts(rater)) is True,
                breaks=ws.setting(breaks_setting(rater)) is True,
                timed=ws.setting(timing_setting(rater)) is not False,
            )
        except Exception as error:
            self.post_message(self.Failed("The queue cannot be read", error))
        else:
            self.post_message(self.Started(start))

    @work(thread=True, exclusive=True, group="open", exit_on_error=False)
    def open(self, sha256: str, name: str) -> None:
        """Reads a notebook and posts `Opened`; a newer call makes the answer of an older one stale."""
        try:
            notebook = self._workspace.notebook(sha256)
        except Exception as error:
            self.post_message(self.Failed(f"{name} cannot be opened", error, sha256))
        else:
            self.post_message(self.Opened(notebook))
