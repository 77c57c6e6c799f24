"""Which class each room has; imported when it is first needed, so that labelling starts sooner."""

from __future__ import annotations

from nbalign.tui.room import Room


def room_class(room: str) -> type[Room]:
    """The class of a room.

    Args:
        room: An id of `ROOMS` other than `label`.

    Raises:
        KeyError: If there is no such room.
    """
    match room:
        case "review":
            from nbalign.tui.review.screen import ReviewRoom

            return ReviewRoom
        case "adjudicate":
            from nbalign.tui.adjudicate.screen import AdjudicateRoom

            return AdjudicateRoom
        case "align":
            from nbalign.tui.align.screen import AlignRoom

            return AlignRoom
        case "evaluate":
            from nbalign.tui.evaluate.screen import EvaluateRoom

            return EvaluateRoom
        case "runs":
            from nbalign.tui.runs.screen import RunsRoom

            return RunsRoom
        case "models":
            from nbalign.tui.models.screen import ModelsRoom

            return ModelsRoom
    raise KeyError(room)
