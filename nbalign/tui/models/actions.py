"""The actions of the room of models."""

from __future__ import annotations

from nbalign.tui.actions import EVERYWHERE, Action

ACTIONS: tuple[Action, ...] = (
    Action("model.judge", "J", "judge", "judge notebooks with the model that judges here", "Models", "judge"),
    Action(
        "model.choose",
        "enter",
        "choose",
        "the model in focus judges here (again: no longer)",
        "Models",
        "choose",
    ),
    Action("model.verify", "y", "verify", "read a model in full, compare its hash (again: stop)", "Models", "verify"),
    Action("model.next", "j,down", "next_model", "next model", "Models", "next"),
    Action("model.previous", "k,up", "previous_model", "previous model", "Models"),
    Action("model.first", "g,home", "first_model", "first model", "Models"),
    Action("model.last", "G,end", "last_model", "last model", "Models"),
    *EVERYWHERE,
)
