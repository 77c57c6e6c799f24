"""The cells of a place: where it runs, and where its text stands when that is in a function of another cell."""

from __future__ import annotations

from nbalign.evidence.flow.event import Place
from nbalign.evidence.flow.learned import Learned
from nbalign.evidence.flow.model_events import Fit
from nbalign.evidence.flow.trace import Trace


def cells_of(*places: Place) -> list[int]:
    """The numbers of the cells in which things run and in which their texts stand, ascending, each once."""
    return sorted({n for p in places for n in (p.cell, p.defined or p.cell) if n > 0})


def makers(trace: Trace, learned: Learned) -> list[Place]:
    """Where the transformer that learned something was made: it may be another cell than the one that fits it."""
    return [
        part.at
        for fit in trace.of(Fit)
        if fit.at == learned.at
        for part in fit.estimator.parts()
        if part.name == learned.how and part.at.cell > 0
    ]
