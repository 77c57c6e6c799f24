"""Which class each room has; imported when it is first needed, so that labelling starts sooner."""

from __future__ import annotations

from textual.binding import Binding

from nbalign.tui.actions import Action
from nbalign.tui.room import Room


def actions_of(room: str) -> tuple[Action, ...]:
    """Everything in a room that has a stable id and keys: its table, and bindings beside it such as the digits.

    Args:
        room: An id of `ROOMS`.

    Raises:
        KeyError: If there is no such room.
    """
    if room == "label":
        from nbalign.tui.label_screen import LabelScreen

        found: type[Room] = LabelScreen
    else:
        found = room_class(room)
    listed = {action.id for action in found.ACTIONS}
    beside = [binding for binding in found.BINDINGS if isinstance(binding, Binding) and binding.id]
    more = (Action(b.id, b.key, b.action, b.description, "") for b in beside if b.id and b.id not in listed)
    return (*found.ACTIONS, *more)


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
