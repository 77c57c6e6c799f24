"""Figures as true pictures, where `nbalign[figures]` is installed and the terminal can show them (kitty, sixel)."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from typing import Any

from textual.containers import Container
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from nbalign.notebooks.model import Image
from nbalign.tui.figure_pixels import decode
from nbalign.tui.figures import fitted, measures
from nbalign.tui.plain import content

_MOST = (1600, 1200)  # pixels handed to a terminal; more would only make it slow
_TRUE = frozenset({"textual_image.renderable.tgp", "textual_image.renderable.sixel"})

_widget: Any = None


def look_at_terminal() -> bool:
    """Asks the terminal once whether it shows pictures; to be called before the application takes the terminal over.

    Returns:
        Whether it does, and what draws them is installed.
    """
    global _widget
    _widget = None
    if os.environ.get("NO_COLOR") or sys.__stdout__ is None or not sys.__stdout__.isatty():
        return False
    # What it cannot find out it logs with a traceback, which would be the first thing on the terminal.
    logging.getLogger("textual_image").addHandler(logging.NullHandler())
    try:
        drawn = importlib.import_module("textual_image.renderable").Image
        found = importlib.import_module("textual_image.widget").Image
    except Exception:  # not installed, or at odds with this terminal: half-blocks will do
        return False
    if drawn.__module__ in _TRUE:
        _widget = found
    return _widget is not None


def widget_for(image: Image) -> Widget | None:
    """A widget that shows a figure as a true picture; None where half-blocks are to do."""
    return _TruePicture(image) if _widget is not None and measures(image) is not None else None


class _TruePicture(Container):
    """Decodes a figure off the screen's thread and hands it to who draws true pictures."""

    DEFAULT_CSS = "_TruePicture { width: 1fr; height: 1fr; align: center middle; }"

    class Decoded(Message):
        """The figure is decoded, or broken."""

        def __init__(self, decoded: Any) -> None:
            super().__init__()
            self.decoded = decoded

    def __init__(self, image: Image) -> None:
        super().__init__()
        self._image = image

    def on_mount(self) -> None:
        """Has it decoded."""
        self.run_worker(self._decode, thread=True, group="figures", exit_on_error=False)

    def _decode(self) -> None:
        decoded = decode(self._image, *_MOST)
        if decoded is not None:
            decoded.thumbnail(_MOST)
        self.post_message(self.Decoded(decoded))

    async def on__true_picture_decoded(self, event: Decoded) -> None:
        """Shows it as large as there is room."""
        event.stop()
        if event.decoded is None:
            await self.mount(Static(content("This figure is broken: it cannot be drawn.")))
            return
        shown: Widget = _widget(event.decoded)
        columns, rows = fitted(event.decoded.size, max(self.size.width, 1), max(self.size.height, 1))
        shown.styles.width, shown.styles.height = columns, rows
        await self.mount(shown)
