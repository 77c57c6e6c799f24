"""The sections of the room: which one is in view, which dimension is in focus, and how one moves."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.style import Style
from textual.widgets import Input, Static, TextArea

from nbalign.tui.actions import EVERYWHERE, Action, key_name
from nbalign.tui.align.actions import ACTIONS, BARS, SECTIONS, SHORT
from nbalign.tui.align.experts import GuidelineSection
from nbalign.tui.align.finding import FindBar
from nbalign.tui.align.naming import title_of
from nbalign.tui.align.precedents import PrecedentSection
from nbalign.tui.align.section import Section
from nbalign.tui.align.state import StateSection
from nbalign.tui.align.versions import VersionSection
from nbalign.tui.bars import KeyBar
from nbalign.tui.desk import Desk
from nbalign.tui.plain import content
from nbalign.tui.room import Room

_BY_ID = {action.id: action for action in ACTIONS}
_IN_FIELD = (("Enter", "enter it", "enter_words"), ("Esc", "leave, keep the draft", "leave_words"))


class SectionedRoom(Room):
    """The sections of the room, and how one moves in them.

    Args:
        desk: Who works on what.

    Attributes:
        dimension: Id of the dimension in focus, in all sections; empty for all of them.
    """

    ROOM: ClassVar[str] = "align"
    ACTIONS: ClassVar[tuple[Action, ...]] = ACTIONS
    AUTO_FOCUS = ""  # keys are commands from the beginning; a text field has them only while one writes in it
    CSS = """
    #align-tabs { height: 1; padding: 0 1; background: $panel; }
    Section { height: 1fr; display: none; }
    Section.open { display: block; }
    Section .head { height: 1; padding: 0 1; color: $text-muted; }
    Section .split { height: 1fr; }
    Section LineList { width: 46; height: 1fr; padding: 0 1; }
    Section Page { width: 1fr; height: 1fr; padding: 0 1; background: $surface; }
    .-wide Section LineList { width: 64; }
    .-wide #align-versions LineList { width: 74; }
    .-wide #align-guidelines LineList { width: 86; }
    .-vast Section LineList { width: 90; }
    .-vast #align-guidelines LineList { width: 120; }
    .-normal #align-versions .split, .-narrow Section .split { layout: vertical; }
    .-normal #align-versions LineList, .-narrow Section LineList { width: 1fr; height: 2fr; }
    .-normal #align-versions Page, .-narrow Section Page { width: 1fr; height: 3fr; }
    .-narrow #align-state LineList { height: 2fr; max-height: 10; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.dimension = ""
        self._section = SECTIONS[0][0]

    def body(self) -> ComposeResult:
        """The names of the sections, and the one in view."""
        tabs = Static(id="align-tabs")
        tabs.auto_links = False
        yield tabs
        yield StateSection()
        yield GuidelineSection()
        yield PrecedentSection()
        yield VersionSection()
        yield FindBar()

    def on_mount(self) -> None:
        """Begins with the first section."""
        self.action_section(self._section)

    def load(self) -> None:
        """Reads everything again: labels, guidelines, notebooks and memories may have come meanwhile."""
        for section in self.query(Section):
            section.load()

    # -- sections

    @property
    def section(self) -> Section:
        """The section in view."""
        return self.query_one(f"#align-{self._section}", Section)

    @property
    def guidelines(self) -> GuidelineSection:
        """The section with the guidelines."""
        return self.query_one(GuidelineSection)

    def action_section(self, name: str) -> None:
        """Brings a section into view."""
        self._section = name
        for section in self.query(Section):
            section.set_class(section is self.section, "open")
        self._show_tabs()
        self.show_keys()
        self.show_place(self.dimension_title)
        self.call_after_refresh(self.section.draw)  # what was hidden has no size before

    def action_next_section(self) -> None:
        """Goes to the next section."""
        self._step_section(1)

    def action_previous_section(self) -> None:
        """Goes to the previous section."""
        self._step_section(-1)

    def _step_section(self, step: int) -> None:
        names = [name for name, _, _ in SECTIONS]
        self.action_section(names[(names.index(self._section) + step) % len(names)])

    def _show_tabs(self) -> None:
        parts: list[str | Content] = []
        for name, title, _ in SECTIONS:
            here = name == self._section
            tab = content(
                (f"{'▶' if here else ' '}{self.key(f'align.section.{name}')} {title} ", "bold reverse" if here else "")
            )
            parts += [tab.stylize(Style.from_meta({"@click": f"screen.section('{name}')"})), " "]
        self.query_one("#align-tabs", Static).update(content(*parts))

    # -- what the sections use

    def key(self, action: str) -> str:
        """The first key of an action, as people read it; `action` is its id."""
        return key_name(self.keys_of(_BY_ID[action])[0])

    @property
    def dimension_title(self) -> str:
        """The title of the dimension in focus."""
        return title_of(self.rubric, self.dimension)

    def focus_dimension(self, dimension: str) -> None:
        """Brings a dimension into focus in all sections; empty for all dimensions."""
        if dimension != self.dimension:
            self.dimension = dimension
            self.show_place(self.dimension_title)
            for section in self.query(Section):
                section.dimension_changed()

    def go_to(self, notebook: str, dimension: str, cell: int) -> None:
        """Goes to a notebook in the labelling room, and there to a dimension and a cell."""
        self.room_app.call_later(self.room_app.open_notebook, notebook, dimension, cell)

    def go_to_conflict(self, notebook: str, dimension: str) -> None:
        """Goes to the room where disagreements are settled, and there to one of them."""
        self.room_app.call_later(self.room_app.open_conflict, notebook, dimension)

    @property
    def typing(self) -> bool:
        """Whether keys belong to a text field."""
        return isinstance(self.focused, Input | TextArea)

    def show_keys(self) -> None:
        """Names the keys of the section in view; while a guideline is written, those that count then."""
        if self.guidelines.field.writing:
            self.query_one(KeyBar).show(
                [("Enter", "enter it", "enter_words"), ("Esc", "leave, keep the draft", "leave_words")]
            )
            return
        own = [_BY_ID[each] for each in BARS[self._section]]
        words = SHORT.get(self._section, {})
        items = [(self.key(a.id), words.get(a.id, a.short), a.name) for a in own]
        self.query_one(KeyBar).show([*items, *((self.key(a.id), a.short, a.name) for a in EVERYWHERE if a.short)])

    # -- rows

    def action_move(self, step: int) -> None:
        """Moves the focus."""
        self.section.move(step)

    def action_ends(self, last: bool) -> None:
        """Moves the focus to the first or the last row."""
        self.section.ends(last)

    def action_page(self, step: int) -> None:
        """Scrolls the page."""
        self.section.page.scroll_page(step)

    def action_open(self) -> None:
        """Opens what is in focus."""
        self.section.open()

    def action_leave(self) -> None:
        """Leaves the page, or ends the search."""
        self.section.leave()

    def action_dimension(self, step: int) -> None:
        """Brings the next dimension into focus, or all of them."""
        ids = ["", *(d.id for d in self.rubric.dimensions)]
        self.focus_dimension(ids[(ids.index(self.dimension) + step) % len(ids)])

    def action_search(self) -> None:
        """Opens the field for a search."""
        if isinstance(self.section, GuidelineSection | PrecedentSection):
            self.query_one(FindBar).open()
        else:
            self.section.search("")

    @on(FindBar.Sought)
    def _sought(self, event: FindBar.Sought) -> None:
        self.section.search(event.needle)

    def action_reveal(self) -> None:
        """Shows or hides what others said of what this rater has not scored."""
        self.section.reveal()
