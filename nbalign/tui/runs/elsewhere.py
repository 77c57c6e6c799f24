"""Telling the labelling room of notebooks that came into the queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nbalign.store.notebooks import NotebookInfo
from nbalign.tui.label_screen import LabelScreen
from nbalign.tui.room import Room


def bring_into_queue(rooms: Iterable[Room], infos: Sequence[NotebookInfo]) -> None:
    """Lists notebooks in the labelling room, which reads its queue once; they come after all others.

    Args:
        rooms: The rooms that were opened.
        infos: All notebooks that are in the queue now.
    """
    for screen in rooms:
        if not isinstance(screen, LabelScreen) or not screen.queue_read:
            continue
        queue = screen.queue
        known, first = {info.sha256 for info in queue.infos}, not queue.infos
        queue.infos += [info for info in infos if info.sha256 not in known]
        queue.find(queue.needle)
        if first and queue.infos:
            screen.go(0)  # there was no notebook to show before
        screen.changed()
