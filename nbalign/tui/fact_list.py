"""The evidence beneath the rubric: what was read off the code for the dimension in focus, the strongest first."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from nbalign.evidence import Evidence, Fact
from nbalign.evidence.model import SIGNS
from nbalign.tui.fact_walk import FactWalk
from nbalign.tui.plain import content, one_line

_STYLES = {
    "good": "$text-success",
    "gap": "$text-warning",
    "fault": "bold $text-error",
    "neutral": "$text-muted",
    "n/a": "$text-accent",
}
_INDENT = 3  # the mark, the sign and a blank
_CELLS = 5  # cell numbers named before a fact
_NO_FACTS = "no facts were read off the code for this dimension"


@dataclass(frozen=True, slots=True)
class FactsShown:
    """What the evidence section shows.

    Attributes:
        title: The line above the list.
        action: What a click on that line does; empty for nothing.
        facts: The facts listed.
        at: Index of the one in focus; -1 when none is.
        cell: The cell in focus, or None.
        notes: Plain sentences below the facts.
    """

    title: str = ""
    action: str = ""
    facts: tuple[Fact, ...] = ()
    at: int = -1
    cell: int | None = None
    notes: tuple[str, ...] = ()


def hidden_facts(key: str) -> FactsShown:
    """For a rater who grades without the evidence.

    Args:
        key: The key that shows it.
    """
    return FactsShown(f"evidence hidden ({key} shows it)", "toggle_facts")


def facts_on_their_way() -> FactsShown:
    """While a notebook is being read."""
    return FactsShown("evidence: reading …")


def broken_facts(log: str) -> FactsShown:
    """When it could not be read.

    Args:
        log: File name of the log that says why.
    """
    return FactsShown("evidence: could not be read", notes=(f"nothing else is affected; details: {log}",))


def facts_shown(evidence: Evidence, walk: FactWalk, *, folded: bool, key: str) -> FactsShown:
    """The facts of the dimension in focus.

    Args:
        evidence: What was read off the notebook.
        walk: Where the rater stands among the facts of the dimension.
        folded: Whether there is only room for the line above the list and for the fact in focus.
        key: The key that goes on to the next fact.
    """
    count, at = len(walk.facts), walk.at
    if not count:
        title, action = ("evidence: no facts", "") if folded else ("evidence", "")
        return FactsShown(title, action, notes=() if folded else (_NO_FACTS, *_unread(evidence)))
    action = "next_fact"
    if walk.fact is None:
        title = f"evidence: {count} fact{'' if count == 1 else 's'} ({key})"
        return FactsShown(title, action, *(() if folded else (walk.facts, -1, None, _unread(evidence))))
    title = f"evidence {at + 1}/{count}" + (f" · [{walk.cell}]" if walk.cell else "") + f" ({key})"
    if folded:
        return FactsShown(title, action, (walk.fact,), 0, walk.cell)
    return FactsShown(title, action, walk.facts, at, walk.cell, _unread(evidence))


def _unread(evidence: Evidence) -> tuple[str, ...]:
    cells = sorted({number for number, _ in evidence.unread if number > 0})
    words = [one_line(why) for number, why in evidence.unread if number <= 0]
    if cells:
        words.insert(0, f"code that could not be read: {_numbers(cells)}")
    return tuple(words)


def _numbers(cells: list[int]) -> str:
    more = f" +{len(cells) - _CELLS}" if len(cells) > _CELLS else ""
    return " ".join(f"[{n}]" for n in cells[:_CELLS]) + more


def _fact_lines(fact: Fact, width: int, in_focus: bool, cell: int | None) -> list[Content]:
    style = _STYLES[fact.kind.polarity]
    parts: list[str | tuple[str, str]] = []
    # With many cells the one in focus takes the last place, so that it is always among those named.
    named = list(fact.cells[:_CELLS])
    if cell is not None and cell in fact.cells and cell not in named:
        named[-1] = cell
    for number in named:
        parts += [(f"[{number}]", f"{style} reverse" if in_focus and number == cell else style), " "]
    if len(fact.cells) > len(named):
        parts.append((f"+{len(fact.cells) - len(named)} ", "$text-muted"))
    body = content(*parts, (one_line(fact.text, 400), "bold" if in_focus else ""))
    lines = body.wrap(max(width - _INDENT, 8))
    head = content(("▶" if in_focus else " ", "bold"), (f"{SIGNS[fact.kind.polarity]} ", style))
    return [content(head if n == 0 else " " * _INDENT, line) for n, line in enumerate(lines)]


class FactList(ScrollView, can_focus=False):
    """Facts wrapped to the width; a click on one is posted as `Chosen`."""

    DEFAULT_CSS = """
    FactList {
        display: none; height: 1; overflow-x: hidden; overflow-y: auto;
        scrollbar-gutter: stable; scrollbar-size-vertical: 1; background: $panel; color: $foreground;
    }
    FactList.filled { display: block; }
    """

    class Chosen(Message):
        """A fact was clicked.

        Attributes:
            fact: The fact.
        """

        def __init__(self, fact: Fact) -> None:
            super().__init__()
            self.fact = fact

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown = FactsShown()
        self._width = 0
        self._lines: list[tuple[Content, int]] = []  # each with the index of its fact, -1 for none

    def show(self, shown: FactsShown) -> None:
        """Shows facts; other facts begin at their top, and the one in focus is brought into view."""
        if shown == self._shown:
            return
        others = shown.facts != self._shown.facts
        self._shown = shown
        self.set_class(bool(shown.facts or shown.notes), "filled")
        self._wrap()
        if others:
            self.scroll_to(y=0, animate=False)
        self.call_after_refresh(self._reveal)  # the height is only known once these lines are laid out

    def on_resize(self, event: events.Resize) -> None:
        """Wraps anew for another width."""
        if self.scrollable_content_region.width != self._width:
            self._wrap()
        # A list that was small for a while, as beside the field for words, does not stay scrolled when it grows.
        self._reveal(0)

    def _wrap(self) -> None:
        self._width = width = self.scrollable_content_region.width
        shown = self._shown
        self._lines = []
        if width:
            for index, fact in enumerate(shown.facts):
                in_focus = index == shown.at
                self._lines += [(line, index) for line in _fact_lines(fact, width, in_focus, shown.cell)]
            for note in shown.notes:
                self._lines += [(line, -1) for line in content((note, "$text-muted")).wrap(width)]
        self.styles.height = max(len(self._lines), 1)
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def _reveal(self, top: int | None = None) -> None:
        rows = [row for row, (_, index) in enumerate(self._lines) if index == self._shown.at and index >= 0]
        room = max(self.size.height, 1)
        if not rows:
            return
        top = self.scroll_offset.y if top is None else top
        if rows[-1] >= top + room:
            top = rows[-1] - room + 1
        self.scroll_to(y=min(top, rows[0]), animate=False)  # of a fact that is too long, its beginning

    def on_click(self, event: events.Click) -> None:
        """Tells the screen which fact was clicked."""
        row = event.get_content_offset_capture(self).y + self.scroll_offset.y
        if 0 <= row < len(self._lines) and (index := self._lines[row][1]) >= 0:
            self.post_message(self.Chosen(self._shown.facts[index]))

    def render_line(self, y: int) -> Strip:
        """One line."""
        base, row = self.visual_style, y + self.scroll_offset.y
        if row >= len(self._lines):
            return Strip.blank(self._width, base.rich_style)
        strip = Strip(self._lines[row][0].render_segments(base))
        return strip.adjust_cell_length(self._width, base.rich_style)
