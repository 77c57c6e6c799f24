"""An experiment under way, as the room sees it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nbalign.jobs.model import JobState
from nbalign.jobs.pace import duration, pace_words
from nbalign.tui.evaluate.words import Part
from nbalign.tui.plain import one_line

_BAR = 16  # columns


def is_experiment(state: JobState, workspace: Path) -> bool:
    """Whether a job is an experiment in this workspace."""
    return state.spec.kind == "evaluate" and Path(state.spec.workspace).resolve() == workspace.resolve()


def in_view(states: Sequence[JobState], workspace: Path) -> JobState | None:
    """The experiment to be told of: the first that has not ended, else the last one that was asked for."""
    own = [state for state in states if is_experiment(state, workspace)]
    return next((state for state in own if not state.ended), own[-1] if own else None)


def work_line(state: JobState | None, stop: str, start: str) -> list[Part]:
    """How an experiment stands, on one line or two; empty where there is nothing to say.

    Args:
        state: The job, or None.
        stop: The key that stops it.
        start: The key that starts one.
    """
    if state is None:
        return []
    summary, error, hint = (one_line(text, 300) for text in (state.summary, state.error, state.hint))
    match state.phase:
        case "waiting":
            return [("… experiment waits for other work to end", "bold"), f" · {stop} takes it back"]
        case "stopping":
            return [("■ experiment stopping: what cannot be cut is being finished", "bold $text-warning")]
        case "stopped":
            return [("■ experiment stopped", "bold $text-warning"), f" · what is finished is kept: {start} goes on"]
        case "failed":
            return [("✗ experiment failed", "bold $text-error"), f" · {error}\n{hint}".rstrip()]
        case "done":
            return [("✔ finished", "bold $text-success"), f" · {summary}"]
    return [("▶ experiment", "bold $text-accent"), f" · {_progress(state)} · {stop} stops, losing nothing"]


def _progress(state: JobState) -> str:
    step = state.progress
    if step is None:
        return "starting"
    parts = [one_line(step.stage, 60)]
    if step.total > 0:
        share = min(max(step.done / step.total, 0.0), 1.0)
        full = round(share * _BAR)
        parts.append(f"{'█' * full}{'░' * (_BAR - full)} {step.done:,.0f}/{step.total:,.0f} {one_line(step.unit, 20)}")
    if pace := pace_words(state.rate, step.unit):
        parts.append(pace)
    if state.eta is not None:
        parts.append(f"ETA {duration(state.eta)}")
    return " · ".join(parts)
