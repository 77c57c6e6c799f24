"""Values taken from other rows by their order: shifts, windows, differences, resampling in time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nbalign.evidence.flow.data_events import Window
from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.things import Thing

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_SHIFTS = {"shift", "diff", "pct_change", "cumsum", "cummax", "cummin", "cumprod", "cumcount", "lag", "lead"}
_WINDOWS = {"rolling", "expanding", "ewm"}


def method(flow: Expressions, base: Thing, given: Given, name: str) -> Thing | None:
    """Shifts and windows of a column, table or group."""
    if name in _WINDOWS and base.is_data:
        amount = given.get(0, "window", "span", "min_periods")
        made = base.like(kind="window", name=name, base=base)
        made.value = amount.number if amount is not None else None
        centre = given.true("center")
        shifted = base.name == "shift"
        flow.state.emit(_event(flow, base, name, amount.number if amount else None, centre, shifted))
        return made
    if name in _SHIFTS and base.is_data:
        amount = given.get(0, "periods", "n")
        number = amount.number if amount is not None else 1.0
        past = name in ("shift", "lag") and number is not None and number >= 1
        if base.kind == "window" or base.name in _WINDOWS:
            _now_past(flow, base, past)
        flow.state.emit(_event(flow, base, name, number, False, past or base.name == "shift"))
        inner = base.base if base.kind == "group" and base.base is not None else base
        kind = "column" if base.sources else inner.kind
        return inner.like(
            kind=kind, sources=base.sources or inner.sources, name="shift" if past else name, columns=None,
            rows=base.rows, learned=base.learned,
        )  # fmt: skip
    if name in ("resample", "asfreq") and base.is_data:
        return base.like(kind="window" if name == "resample" else base.kind, name=name, base=base)
    if base.kind == "window":
        inner = base.base or base
        kind = "column" if base.sources and inner.kind != "table" else inner.kind
        kind = "column" if kind == "group" else kind
        return base.like(kind=kind, name=base.name, columns=None)
    return None


def _event(flow: Expressions, base: Thing, how: str, amount: float | None, centred: bool, past: bool) -> Window:
    column = next(iter(base.sources)) if len(base.sources) == 1 else ""
    return Window(flow.state.place, how, column, amount, centred, past, base.kind == "group", None, base.rows)


def _now_past(flow: Expressions, base: Thing, past: bool) -> None:
    """A window that is shifted afterwards leaves the present row out, too."""
    if not past:
        return
    for index in range(len(flow.state.events) - 1, -1, -1):
        event = flow.state.events[index]
        if isinstance(event, Window) and event.how in _WINDOWS:
            flow.state.events[index] = replace(event, past_only=True)
            return
