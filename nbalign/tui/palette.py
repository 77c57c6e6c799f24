"""The command palette's own entries: rooms and actions by their words, notebooks by their names, themes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from nbalign.tui.actions import Action, shown_keys
from nbalign.tui.plain import content, one_line
from nbalign.tui.room import Room
from nbalign.tui.themes import THEMES

if TYPE_CHECKING:
    from nbalign.tui.app import LabelApp

_HITS = 20  # notebooks offered for one query

Command = Callable[[], Awaitable[None] | None]


class RoomCommands(Provider):
    """Rooms, the actions of the room in view, themes and notebooks; also while one types in a text field."""

    @property
    def _room(self) -> Room | None:
        return self.screen if isinstance(self.screen, Room) else None

    @property
    def _app(self) -> LabelApp:
        return cast("LabelApp", self.app)

    async def discover(self) -> Hits:
        """Everything but the notebooks."""
        room = self._room
        if room is not None:
            for words, keys, command in self._commands(room):
                yield DiscoveryHit(content(words, (f"  {keys}", "$text-muted")), command, words)

    async def search(self, query: str) -> Hits:
        """What holds all the words that were typed, in any order."""
        room = self._room
        if room is None:
            return
        # Plain containment, not fuzzy: the words are few, and thousands of names must be sieved between two keys.
        needles = query.lower().split()
        for words, keys, command in self._commands(room):
            if _fits(needles, words):
                first = words.lower().startswith(query.lower().strip())
                yield Hit(1.0 if first else 0.95, content(words, (f"  {keys}", "$text-muted")), command, words)
        names = ((sha256, one_line(name)) for sha256, name in self._app.notebook_names())
        found = [(sha256, name) for sha256, name in names if _fits(needles, f"open {name}")][:_HITS]
        for sha256, name in found:
            yield Hit(0.9, content("open ", (name, "bold")), partial(self._open, room, sha256), name)

    def _commands(self, room: Room) -> Iterator[tuple[str, str, Command]]:
        for action in room.ACTIONS:
            if action.id != "app.palette":
                yield action.words, shown_keys(room.keys_of(action)), partial(self._run, room, action)
        for theme in THEMES:
            yield f"theme: {theme.name}", "", partial(self._app.wear, theme.name)

    async def _run(self, room: Room, action: Action) -> None:
        await self._leave_field(room)
        await room.run_action(action.name)

    async def _open(self, room: Room, sha256: str) -> None:
        await self._leave_field(room)
        await self._app.open_notebook(sha256)

    async def _leave_field(self, room: Room) -> None:
        if room.typing:  # the palette was opened out of a text field, which would refuse
            await room.leave_writing()


def _fits(needles: list[str], words: str) -> bool:
    words = words.lower()
    return all(needle in words for needle in needles)
