"""The command palette's own entries: every action by its words, every notebook by its name."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from nbalign.tui.actions import shown_keys
from nbalign.tui.label_screen import LabelScreen
from nbalign.tui.plain import content, one_line
from nbalign.tui.room import Room

_HITS = 20  # notebooks offered for one query


class RoomCommands(Provider):
    """Actions of the room in view, and the notebooks of the labelling screen."""

    async def discover(self) -> Hits:
        """All actions."""
        if isinstance(self.screen, Room):
            for action in self.screen.ACTIONS:
                label = content(action.words, (f"  {shown_keys(self.screen.keys_of(action))}", "$text-muted"))
                yield DiscoveryHit(label, partial(self._run, action.name), action.words)

    async def search(self, query: str) -> Hits:
        """Actions and notebooks that fit what was typed."""
        screen = self.screen
        if not isinstance(screen, Room):
            return
        matcher = self.matcher(query)
        needle = query.lower()
        # Plain containment, not fuzzy: the words are few, and thousands of names must be sieved between two keys.
        for action in screen.ACTIONS:
            if needle in action.words:
                yield Hit(1.0, matcher.highlight(action.words), partial(self._run, action.name), action.words)
        if not isinstance(screen, LabelScreen):
            return
        named = ((n, one_line(info.name)) for n, info in enumerate(screen.queue.infos))
        found = [(n, name) for n, name in named if needle in name.lower()][:_HITS]
        for n, name in found:
            yield Hit(0.9, content("open ", (name, "bold")), partial(screen.go, n), name)

    async def _run(self, name: str) -> None:
        if isinstance(self.screen, LabelScreen) and self.screen.typing:
            await self.screen.leave_writing()  # the palette was opened out of a text field, which would refuse
        await self.screen.run_action(name)
