"""The part of the labelling screen that records time at work, and says how the session goes."""

from __future__ import annotations

from functools import partial

from textual import events, on

from nbalign.labels.attention import Attention, Visit
from nbalign.labels.pace import RaterPace, left, spell
from nbalign.tui.desk import Desk
from nbalign.tui.history_board import HistoryBoard
from nbalign.tui.opening import Reader, breaks_setting, timing_setting
from nbalign.tui.queue import Tally
from nbalign.tui.sheet import Sheet
from nbalign.tui.stats_dialog import StatsDialog
from nbalign.tui.stats_words import Session

KEEP_EVERY = 15.0  # seconds between two writes of the visit under way: a kill loses no more of it
BREAK_AFTER = 50 * 60.0  # seconds at work after which a break is hinted at, where that is wanted


class RecordBoard(HistoryBoard):
    """The board with a record of time at work.

    Args:
        desk: Who works on what.
        first: A notebook to begin with, as `Workspace.notebook` takes it.

    Attributes:
        attention: Measures the time of this session.
    """

    def __init__(self, desk: Desk, first: str | None) -> None:
        super().__init__(desk, first)
        self.attention = Attention()
        self._seconds: dict[str, float] = {}  # notebook -> time at work, up to the visit under way
        self._kept: Visit | None = None
        self._breaks = self._hinted = False
        self._cannot_keep = False
        self._timed = True  # whether this rater wants it

    def on_mount(self) -> None:
        """Writes the time down every so often."""
        self.set_interval(KEEP_EVERY, self.keep_time)

    @on(Reader.Started)
    def _record_started(self, event: Reader.Started) -> None:
        self._seconds = dict(event.start.seconds)
        self._breaks, self._timed = event.start.breaks, event.start.timed

    # -- time at work

    def noticed(self) -> None:
        """Somebody is here."""
        self.attention.noticed()

    def sheet_shown(self, sheet: Sheet) -> None:
        """The time counts for the notebook that is in view from now on."""
        super().sheet_shown(sheet)
        self._turn_to(sheet.notebook.sha256)

    def _turn_to(self, notebook: str) -> None:
        notebook = notebook if self._timed else ""
        if notebook != self.attention.notebook:
            ended = self.attention.turn_to(notebook)
            if ended is not None:
                self._seconds[ended.notebook] = self._seconds.get(ended.notebook, 0.0) + ended.seconds
                self._keep(ended)

    def on_screen_suspend(self, event: events.ScreenSuspend) -> None:
        """In another room the time does not count; under a dialog of this one it does."""
        if self.app.current_mode != self.ROOM:
            self._turn_to("")

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Back again: the time counts on."""
        if self.scoring.sheet is not None:
            self._turn_to(self.scoring.sheet.notebook.sha256)

    def keep_time(self) -> None:
        """Has the visit under way written down, and hints at a break where one is wanted and due."""
        visit = self.attention.visit()
        if visit is not None:
            self._keep(visit)
        due = self._timed and self.attention.unbroken >= BREAK_AFTER
        if due and self._breaks and not self._hinted:
            self.notify(
                f"{spell(self.attention.unbroken)} at work without a break: a short one keeps scores even.",
                markup=False,
                timeout=20,
            )
        self._hinted = due

    def _keep(self, visit: Visit) -> None:
        if visit == self._kept or self._cannot_keep:
            return
        self._kept = visit
        workspace, rater, rubric = self.workspace, self.rater, self.rubric.id

        def job() -> Exception | None:
            try:
                workspace.keep_visit(rater, rubric, visit)
            except Exception as error:
                return error  # no score is lost with it: it must not stop anybody from quitting
            return None

        def done(error: Exception | None) -> None:
            if error is not None and not self._cannot_keep:
                self._cannot_keep = True
                self.not_saved("Your time at work is not recorded from here on; scores are not concerned", error)

        self.room_app.clerk.hand(job, done, self.room_app.unexpected)

    async def finish_writing(self) -> None:
        """Saves the time at work, too."""
        await super().finish_writing()
        self.keep_time()

    # -- how it goes

    def time_left(self, tally: Tally) -> str:
        """How long the open notebooks will take, once three are timed."""
        seconds = self._eta(tally)
        return f" · ETA {spell(seconds)}" if seconds and tally.open_dimensions else ""

    def _eta(self, tally: Tally) -> float | None:
        seconds = self._seconds
        if self.attention.notebook:
            now = self.attention.notebook
            seconds = {**seconds, now: seconds.get(now, 0.0) + self.attention.spent}
        timed = [spent for notebook, spent in seconds.items() if spent and self.queue.done(notebook)]
        return left(timed, tally.open_dimensions, self.queue.total)

    def _session(self) -> Session:
        tally = self.queue.tally()
        given = self.scoring.given
        return Session(
            labels=len(given),
            done=sum(self.queue.done(notebook) for notebook in {notebook for notebook, _ in given}),
            seconds=self.attention.seconds + self.attention.spent,
            notebooks=len(self.queue.infos),
            open=len(self.queue.infos) - tally.done,
            left=self._eta(tally),
            breaks=self._breaks,
            timed=self._timed,
        )

    def action_stats(self) -> None:
        """Shows how the session goes."""
        action = next(a for a in self.ACTIONS if a.id == "stats.show")
        dialog = StatsDialog(
            self._session, self._toggle_breaks, self._toggle_timing, self.room_app.keys_of, self.keys_of(action)
        )
        self.app.push_screen(dialog)
        self.keep_time()

        def found(paces: list[RaterPace]) -> None:
            if dialog.is_attached:
                dialog.show(paces[0])

        workspace, rater, rubric = self.workspace, self.rater, self.rubric.id
        self.write(lambda: workspace.pace(rater, rubric), found, "Your sessions cannot be read")

    def _toggle_timing(self) -> None:
        self._timed = not self._timed
        sheet = self.scoring.sheet
        self._turn_to(sheet.notebook.sha256 if sheet is not None else "")  # what was measured until now is kept
        self.changed()
        self.write(
            partial(self.workspace.set_setting, timing_setting(self.rater), self._timed),
            lambda _: None,
            "Whether time at work is recorded is NOT remembered",
        )

    def _toggle_breaks(self) -> None:
        self._breaks = not self._breaks
        self.write(
            partial(self.workspace.set_setting, breaks_setting(self.rater), self._breaks),
            lambda _: None,
            "Whether breaks are hinted at is NOT remembered",
        )
