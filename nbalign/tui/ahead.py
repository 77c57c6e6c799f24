"""Keys pressed before a room has read what they act on: they wait, and act in their order when it is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual import events

from nbalign.tui.actions import Action
from nbalign.tui.key_names import character_of, key_name
from nbalign.tui.room import Room
from nbalign.tui.rooms import actions_of

_MOST = 200  # keys that wait; nobody types more while a room opens, and what a stuck key repeats is not wanted
# They would fall on something that nobody has seen: scores, decisions on guidelines, and what takes either back.
_NEVER = frozenset(("score", "undo", "redo", "accept", "no", "pin"))


class KeysAhead:
    """The keys that wait for a room.

    Scores and decisions never wait: pressed behind keys that do, they are dropped, and that is told.

    Args:
        keys_of: The keys of an action as they are now, in Textual's names.
        act: Handles a key as if it was pressed now.
    """

    def __init__(self, keys_of: Callable[[Action], list[str]], act: Callable[[events.Key], Awaitable[None]]) -> None:
        self._keys_of, self._act = keys_of, act
        self._room: Room | None = None
        self._keys: list[events.Key] = []

    def takes(self, room: Room, event: events.Key) -> bool:
        """Whether a key has to wait; then it is kept.

        Args:
            room: The room in view.
            event: The key.
        """
        if self._room is not room:
            self.forget()
        if not (room.unread or self._keys) or room.typing:
            return False
        action = self._action(room, event.key)
        if action.startswith("app.") or action == "help":
            return False
        if not self._keys and (not action or _never(action) or not room.awaits(action)):
            return False
        self._room = room
        if len(self._keys) < _MOST:
            self._keys.append(event)
        return True

    def forget(self) -> None:
        """Drops what waits: the room is left, or could not read what the keys were for."""
        self._room, self._keys = None, []

    async def go_on(self, room: Room) -> None:
        """Acts on what waits, as far as the room can.

        Args:
            room: The room in view.
        """
        while self._keys and self._room is room:
            key = self._keys[0].key
            action = "" if room.typing else self._action(room, key)
            if action and room.awaits(action):
                return
            event = self._keys.pop(0)
            if _never(action):
                room.say(f"{key_name(key)} came too early, while it was still loading: nothing was changed")
            else:
                await self._act(event)

    def _action(self, room: Room, key: str) -> str:
        wanted = character_of(key) or key
        for action in actions_of(room.ROOM):
            if any((character_of(each) or each) == wanted for each in self._keys_of(action)):
                return action.name
        return ""


def _never(action: str) -> bool:
    return action.partition("(")[0] in _NEVER
