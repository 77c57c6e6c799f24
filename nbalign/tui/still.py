"""A text that stands still: the same words again draw nothing, and other words move nothing that need not move."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Static


class Still(Static):
    """A text that is drawn when it changes, and lays out the screen only when it takes more or fewer lines.

    `Static.update` lays out the whole screen each time, which costs more than all else that a key paints.
    """

    # That it takes more lines now is known from the layout that gave it more: no second one is needed.
    virtual_size = Reactive(Size(0, 0), layout=False)

    _said: Content | None = None

    def say(self, words: Content) -> None:
        """Shows words.

        Args:
            words: What is shown from now on.
        """
        before, self._said = self._said, words
        if before is None or not words.is_same(before):
            self.update(words, layout=self.display and not self._as_long(before, words))

    def _as_long(self, before: Content | None, words: Content) -> bool:
        """Whether words take as many lines as those before them; always where the style sheet says how many."""
        height, width = self.styles.height, self.content_size.width
        if height is not None and not height.is_auto:
            return True
        if before is None or not width:
            return False
        return before.get_height({}, width) == words.get_height({}, width)
