"""The data-flow reading from the first cell to the last."""

from __future__ import annotations

from dataclasses import replace

from nbalign.evidence.code import Code
from nbalign.evidence.flow.data_events import Look, Window
from nbalign.evidence.flow.event import Event
from nbalign.evidence.flow.interpret import Interpreter
from nbalign.evidence.flow.state import OutOfSteps, State
from nbalign.evidence.flow.trace import Trace


def read_flow(code: Code, *, strict: bool = False) -> Trace:
    """Follows the data through a notebook; never raises unless `strict`.

    Args:
        code: The notebook's code.
        strict: For tests: lets faults of ours out.
    """
    state = State()
    flow = Interpreter(state, strict=strict)
    complete = True
    try:
        for cell in code.cells:
            flow.cell(cell.number, cell.tree.body)
    except OutOfSteps:
        complete = False
    target = _target(state)
    events = tuple(_told(event, target) for event in state.events)
    return Trace(events, state.tree, target, tuple(state.columns), complete)


def _target(state: State) -> str:
    """The column that most was learned towards."""
    if not state.targets:
        return ""
    return max(dict.fromkeys(state.targets), key=state.targets.count)


def _told(event: Event, target: str) -> Event:
    """An event, once it is known what the target is."""
    if not target:
        return event
    if isinstance(event, Look):
        return replace(event, target=target in event.columns if event.columns else None)
    if isinstance(event, Window):
        return replace(event, of_target=event.column == target if event.column else None)
    return event
