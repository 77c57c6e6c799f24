"""How this session goes: labels, time, pace, and how long the open notebooks will take."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from nbalign.labels.pace import RaterPace
from nbalign.tui.actions import Action, bindings_of, key_name
from nbalign.tui.bars import KeyBar
from nbalign.tui.dialogs import LEAVE, Dialog
from nbalign.tui.stats_words import Session, session_words


class StatsDialog(Dialog[None]):
    """Shows figures of the session, and of all sessions once they are read.

    Args:
        session: Says how the session stands.
        breaks: Turns hints at breaks on or off.
        timing: Turns the record of time at work on or off.
        keys_of: The keys of an action as they are now.
        closes: The keys that opened it.
    """

    HELP = "how this session goes"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        Action("stats.breaks", "B", "breaks", "hint at breaks or not (kept for you)", "Session", "hints at breaks"),
        Action("stats.timing", "t", "timing", "record time at work or not (kept for you)", "Session", "record time"),
        LEAVE,
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of(ACTIONS),
        Binding("enter", "leave", "leave this dialog", show=False),
    ]
    DEFAULT_CSS = """
    StatsDialog .figures { height: auto; max-height: 30; }
    StatsDialog KeyBar { dock: none; background: $panel; padding: 0; }
    """

    def __init__(
        self,
        session: Callable[[], Session],
        breaks: Callable[[], None],
        timing: Callable[[], None],
        keys_of: Callable[[Action], list[str]],
        closes: list[str],
    ) -> None:
        super().__init__(closes=closes)
        self._session, self._breaks, self._timing, self._keys_of = session, breaks, timing, keys_of
        self._pace: RaterPace | None = None

    def compose(self) -> ComposeResult:
        """The figures."""
        with Vertical(classes="box"):
            yield self.heading("How it goes")
            with VerticalScroll(classes="figures"):
                yield Static(id="figures", markup=False)
            yield KeyBar()

    def on_mount(self) -> None:
        """Draws what is known."""
        self.query_one(KeyBar).show([(self._key(a.id), a.short, a.name) for a in self.ACTIONS if a.short])
        self.show(None)

    def _key(self, action: str) -> str:
        return key_name(self._keys_of(next(a for a in self.ACTIONS if a.id == action))[0])

    def show(self, pace: RaterPace | None) -> None:
        """Draws the figures.

        Args:
            pace: All sessions; None keeps what is known.
        """
        self._pace = pace or self._pace
        breaks, timing = self._key("stats.breaks"), self._key("stats.timing")
        self.query_one("#figures", Static).update(session_words(self._session(), self._pace, breaks, timing))

    def action_breaks(self) -> None:
        """Turns hints at breaks on or off."""
        self._breaks()
        self.show(None)

    def action_timing(self) -> None:
        """Turns the record of time at work on or off."""
        self._timing()
        self.show(None)
