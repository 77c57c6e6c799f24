"""What surrounds the rooms: keys as they are remapped, themes, help, and clicks beside a dialog."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen, SystemModalScreen
from textual.theme import Theme
from textual.widgets import Input, TextArea

from nbalign.tui.actions import Action
from nbalign.tui.ahead import KeysAhead
from nbalign.tui.clerk import Clerk
from nbalign.tui.help import HelpDialog, help_of_room, help_on_dialog
from nbalign.tui.key_names import character_of
from nbalign.tui.label_screen import LabelScreen
from nbalign.tui.palette import RoomCommands
from nbalign.tui.room import Room
from nbalign.tui.themes import DEFAULT, THEMES, next_theme, theme_setting
from nbalign.tui.tidying import Tidying

if TYPE_CHECKING:
    from nbalign.store.notebooks import NotebookInfo
    from nbalign.workspace import Workspace


class Shell(Tidying):
    """An application with the keys and the looks that its user wants.

    Args:
        workspace: The workspace; the application does not close it.
        keymap: Action id -> keys, as `read_keymap` gives them; None leaves every key as it is.

    Attributes:
        clerk: Writes to the store, in order.
        reader: Reads, beside the writes.
        keys_ahead: Keys pressed before a room can act on them.
    """

    CSS = "Toast { max-width: 60; }"
    COMMANDS = Tidying.COMMANDS | {RoomCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "command palette", show=False, priority=True, id="app.palette"),
        # Rooms have keys of their own for this; over a dialog, and where those keys are others, F1 helps all the same.
        Binding("f1", "dialog_help", "help", show=False, priority=True),
    ]

    def __init__(self, workspace: Workspace, keymap: Mapping[str, str] | None = None) -> None:
        super().__init__(workspace)
        self.clerk = Clerk(self.unexpected)
        self.reader = Clerk(self.unexpected)
        self.keys_ahead = KeysAhead(self.keys_of, self._act)
        self._remapped = dict(keymap or {})
        self._theme_of = ""  # who the theme is kept for
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DEFAULT

    def on_mount(self) -> None:
        """Takes the keys over."""
        self.set_keymap(self._remapped)
        self.theme_changed_signal.subscribe(self, self._keep_theme)

    # -- keys

    def keys_of(self, action: Action) -> list[str]:
        """The keys of an action as they are now, remapped or not, in Textual's names; at least one."""
        return [key.strip() for key in self._keymap.get(action.id, action.keys).split(",")]

    async def on_event(self, event: events.Event) -> None:
        """Keeps keys for which a room is not ready until it is."""
        if isinstance(event, events.Key) and not event.is_forwarded and self.screen_stack:
            room = self.screen
            if isinstance(room, Room) and self.keys_ahead.takes(room, event):
                return
        await super().on_event(event)

    async def _act(self, event: events.Key) -> None:
        await super().on_event(event)

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        # Textual sorts out which keys a text field types before it applies the keymap, and does not know `/`, `-` and
        # a few more as typing: without this, a room's key remapped to a letter would leave the room amid a word.
        focused = self.focused
        if priority and focused is not None and focused.check_consume_key(key, character_of(key)):
            return False
        return await super()._check_bindings(key, priority)

    # -- rooms

    def visited(self) -> list[Room]:
        """The rooms that were opened so far, in view or not; rooms find what another one shows by their class."""
        return [screen for stack in self._screen_stacks.values() for screen in stack if isinstance(screen, Room)]

    def notebook_in_view(self) -> NotebookInfo | None:
        """The notebook last in view in the labelling room; None where there is none."""
        boards = (room for room in self.visited() if isinstance(room, LabelScreen))
        return next((board.queue.info for board in boards if board.queue.infos), None)

    # -- help

    def show_help(self, room: Room) -> None:
        """Shows what has the focus, and the keys of a room."""
        rubric = room.rubric if isinstance(room, LabelScreen) else None
        self.push_screen(HelpDialog(help_of_room(room, self.keys_of, rubric), self.keys_of))

    def action_dialog_help(self) -> None:
        """Shows what the dialog's focused part is and which keys it has."""
        if isinstance(self.screen, Room):
            self.show_help(self.screen)
        else:
            self.push_screen(HelpDialog(help_on_dialog(self.screen, self.keys_of), self.keys_of))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leaves F1 to a room that has it, and to the help itself."""
        if action != "dialog_help":
            return super().check_action(action, parameters)
        screen = self.screen
        if isinstance(screen, Room):
            return all("f1" not in self.keys_of(its) for its in screen.ACTIONS)
        return isinstance(screen, ModalScreen) and not isinstance(screen, (HelpDialog, SystemModalScreen))

    # -- themes

    def dress(self, rater: str) -> None:
        """Puts on the theme that a rater chose here before; for whom none is kept, the first one."""
        self._theme_of = ""
        before, setting = self.theme, theme_setting(rater)

        def found(name: object) -> None:
            self._theme_of = rater
            if self.theme == before:
                self.theme = name if isinstance(name, str) and name in self.available_themes else DEFAULT
            else:  # another one was chosen while this one was looked up
                self._keep_theme(self.current_theme)

        self.reader.hand(
            lambda: self.workspace.setting(setting), found, lambda error: self.tell("Your theme cannot be read", error)
        )

    def action_next_theme(self) -> None:
        """Goes on to the next theme."""
        self.wear(next_theme(self.theme))

    def wear(self, name: str) -> None:
        """Puts on a theme and keeps it for who sits here."""
        self.theme = name
        self.notify(f"theme: {name}", markup=False, timeout=2)

    def _keep_theme(self, theme: Theme) -> None:
        rater, name = self._theme_of, theme.name
        if not rater:
            return
        setting = theme_setting(rater)

        def write() -> None:
            if self.workspace.setting(setting) != name:
                self.workspace.set_setting(setting, name)

        self.clerk.hand(write, lambda _: None, lambda error: self.tell("The theme is NOT remembered", error))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the palette offers beside the room's own: the rest lives in the rooms, under their own keys."""
        yield SystemCommand("more themes", "Textual's own, beside the three of nbalign", self.action_change_theme)
        yield SystemCommand("screenshot", "save what is seen as an SVG file", self.action_screenshot)

    # -- the mouse

    async def on_click(self, event: events.Click) -> None:
        """A click beside a dialog leaves it as Esc does, unless words were typed into it."""
        screen = self.screen
        if event.widget is not screen or not isinstance(screen, ModalScreen) or isinstance(screen, SystemModalScreen):
            return
        typed = [*(field.value for field in screen.query(Input)), *(area.text for area in screen.query(TextArea))]
        if not any(typed):
            self.simulate_key("escape")
