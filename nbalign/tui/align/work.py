"""An alignment under way, as the room sees it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nbalign.jobs.model import JobState
from nbalign.jobs.pace import duration, pace_words
from nbalign.tui.align.page import Block, block
from nbalign.tui.jobs.words import SIGNS, bar
from nbalign.tui.plain import one_line

_BAR = 24  # cells


def is_alignment(state: JobState, workspace: Path) -> bool:
    """Whether a job aligns this workspace."""
    return state.spec.kind == "align" and Path(state.spec.workspace).resolve() == workspace.resolve()


def latest_alignment(states: Sequence[JobState], workspace: Path) -> JobState | None:
    """The alignment of this workspace that was asked for last; None where there was none."""
    return next((state for state in reversed(states) if is_alignment(state, workspace)), None)


def job_blocks(state: JobState | None, stop: str) -> list[Block]:
    """What is said of an alignment: its bar while it runs, what came of it once it has ended.

    Args:
        state: How it stands; None for nothing to say.
        stop: The key that stops it.
    """
    if state is None:
        return []
    sign = "⏳" if state.phase == "running" else SIGNS[state.phase][0]  # ▶ stands before the row in focus here
    title = f"{sign} {one_line(state.spec.title or 'align', 80)}"
    match state.phase:
        case "failed":
            parts = [one_line(state.error, 400), one_line(state.hint, 400)]
            head = block((f"{title}: failed", "bold $text-error"))
            return [head, *(block(part, indent=2) for part in parts if part), block("")]
        case "done":
            return [block((f"{title}: done", "bold $text-success"), f" · {one_line(state.summary, 400)}"), block("")]
        case "stopped":
            words = one_line(state.summary, 400) or "what was finished is kept; aligning again goes on there"
            return [block((f"{title}: stopped", "bold $text-warning"), f" · {words}"), block("")]
        case "waiting":
            return [block((f"{title}: waits for other work to end", "bold"), f" · {stop} takes it back"), block("")]
    stopping = state.phase == "stopping"
    ends = " · stopping: what cannot be cut is being finished" if stopping else f" · {stop} stops, losing nothing"
    return [block((f"{title}", "bold"), ends), block(progress_line(state), indent=2), block("")]


def progress_line(state: JobState) -> str:
    """Such as `███░░  23 % · 12/52 notebooks · 4 notebooks/min · ETA 12 min · judging churn.ipynb`."""
    step = state.progress
    if step is None:
        return "starting"
    parts = []
    if step.total > 0:
        parts.append(f"{bar(step, _BAR)} · {step.done:,.0f}/{step.total:,.0f} {one_line(step.unit, 20)}")
    elif step.done:
        parts.append(f"{step.done:,.0f} {one_line(step.unit, 20)}")
    parts.append(pace_words(state.rate, one_line(step.unit, 20)))
    if state.eta is not None:
        parts.append(f"ETA {duration(state.eta)}")
    parts.append(one_line(f"{step.stage} {step.detail}", 100))
    return " · ".join(part for part in parts if part)
