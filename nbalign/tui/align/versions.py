"""The section `Versions`: the memories, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content

from nbalign.align.differences import MemoryDiff
from nbalign.tui.align.memories import Card, read_cards, read_difference
from nbalign.tui.align.memory_words import COLUMNS, card_blocks, card_row, diff_blocks, no_memories
from nbalign.tui.align.page import Block, block
from nbalign.tui.align.section import Section
from nbalign.tui.plain import content

_Pair = tuple[str, str]


class VersionSection(Section):
    """Memory versions, the latest first, and a page about the one in focus."""

    NAME: ClassVar[str] = "versions"

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[Card] = []
        self._read = False
        self._marked = ""
        self._diffs: dict[_Pair, MemoryDiff | None] = {}
        self._reading: _Pair | None = None

    def load(self) -> None:
        """Reads the versions."""
        workspace, rubric = self.room.workspace, self.room.rubric.id
        known = {card.version: card for card in self._cards}

        def done(cards: list[Card]) -> None:
            at = self._cards[self.at].version if self.at < len(self._cards) else ""
            self._cards, self._read = cards, True
            self.at = next((n for n, card in enumerate(cards) if card.version == at), 0)
            self.moved()
            self.draw()

        self.room.read(lambda: read_cards(workspace, rubric, known), done, "The memory versions cannot be read")

    @property
    def about(self) -> object:
        """The version in focus and what it is compared with."""
        return self._pair(), self._cards[self.at].version if self._cards else "", self.room.dimension

    def count(self) -> int:
        """The versions."""
        return len(self._cards)

    def row(self, index: int) -> Content:
        """A version in a line."""
        card = self._cards[index]
        return card_row(card, card.version == self._marked)

    def head(self) -> Content:
        """The names of the columns."""
        return content(COLUMNS if self._cards else "")

    def blocks(self) -> Sequence[Block]:
        """What changed, and everything about the version in focus."""
        if not self._read:
            return [block(("reading …", "$text-muted"))]
        if not self._cards:
            return no_memories(self.room.key)
        card = self._cards[self.at]
        return [*self._comparison(card), block(""), *card_blocks(card, self.room.rubric, self.room.dimension)]

    def _comparison(self, card: Card) -> list[Block]:
        key = self.room.key("align.open")
        pair = self._pair()
        if pair is None:
            if card.version == self._marked:
                return [block(("◆ marked", "bold"), f": move to another version to compare it; {key} takes it away")]
            return [block((f"Nothing to compare it with. {key} marks it, to compare another with it.", "$text-muted"))]
        if pair not in self._diffs:
            return [block(("comparing …", "$text-muted"))]
        diff = self._diffs[pair]
        if diff is None:
            return [block(("These two cannot be compared.", "$text-error"))]
        hint = f"compared with the {'marked one' if self._marked else 'one it followed'}; {key} marks this one instead"
        return [*diff_blocks(diff, self.room.rubric, self.room.dimension), block((hint, "$text-muted"))]

    def _pair(self) -> _Pair | None:
        """(older, newer) of what is compared; None where there is nothing to compare with."""
        versions = [card.version for card in self._cards]
        if self.at >= len(versions):
            return None
        card = self._cards[self.at]
        other = self._marked or card.parent
        if other not in versions or other == card.version:
            return None
        # Listed the latest first. A version may be the latest again, so the parent counts as the older one.
        first = not self._marked or versions.index(other) > self.at
        return (other, card.version) if first else (card.version, other)

    def moved(self) -> None:
        """Has the two compared, one pair at a time: whoever runs down the list waits for the last alone."""
        pair = self._pair()
        if pair is None or pair in self._diffs or self._reading is not None:
            return
        room, workspace, rubric = self.room, self.room.workspace, self.room.rubric.id
        self._reading = pair

        def done(diff: MemoryDiff) -> None:
            self._compared(pair, diff)

        def failed(error: Exception) -> None:
            self._compared(pair, None)
            room.not_saved("Two memories cannot be compared", error)

        room.room_app.reader.hand(lambda: read_difference(workspace, rubric, *pair), done, failed)

    def _compared(self, pair: _Pair, diff: MemoryDiff | None) -> None:
        self._diffs[pair] = diff
        self._reading = None
        if self.is_attached:
            self.moved()
            self.draw()

    def enter(self) -> None:
        """Marks the version in focus, so that others are compared with it, or takes the mark away."""
        if self._cards:
            version = self._cards[self.at].version
            self._marked = "" if version == self._marked else version
            self.moved()
            self.draw()
