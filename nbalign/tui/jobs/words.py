"""How a job is told: in a few words for the top of the screen, in a line for the list, in full."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.content import Content

from nbalign.jobs.model import JobState
from nbalign.jobs.pace import duration, pace_words
from nbalign.progress import Progress
from nbalign.tui.plain import content, one_line

VERBS = {"judge": "judging", "align": "aligning", "evaluate": "evaluating"}
SIGNS = {
    "waiting": ("…", "$text-muted"),
    "running": ("▶", "$text-accent"),
    "stopping": ("◼", "$text-warning"),
    "done": ("✔", "$text-success"),
    "stopped": ("◼", "$text-warning"),
    "failed": ("✘", "$text-error"),
}
_OF = re.compile(r"\((\d+) of (\d+)\)$")  # how work tells which of several notebooks it is at


def brief(states: Sequence[JobState]) -> str:
    """The job under way for the top of the screen, such as `⏳ judging 12/52 · 45 tokens/s · ETA 12 min`.

    Args:
        states: All jobs.

    Returns:
        Empty where none is under way.
    """
    open_ones = [state for state in states if not state.ended]
    if not open_ones:
        return ""
    state = next((each for each in open_ones if each.phase != "waiting"), open_ones[0])
    verb = VERBS.get(state.spec.kind, state.spec.kind)
    parts = [f"⏳ {verb} {how_far(state)}".rstrip()]
    if state.phase == "stopping":
        parts = [f"⏳ {verb}: stopping"]
    elif state.progress is not None:
        parts += [pace_words(state.rate, state.progress.unit)]
        parts += [f"ETA {duration(state.eta)}"] if state.eta is not None else []
    if len(open_ones) > 1:
        parts.append(f"{len(open_ones) - 1} more")
    return " · ".join(part for part in parts if part)


def how_far(state: JobState) -> str:
    """Such as `12/52` or `34 %`; empty while unknown."""
    step = state.progress
    if step is None:
        return ""
    found = _OF.search(step.stage)
    if found:
        return f"{found[1]}/{found[2]}"
    if not step.total:
        return ""
    if step.unit == "notebooks":
        return f"{step.done:,.0f}/{step.total:,.0f}"
    return f"{100 * share(step):.0f} %"


def share(step: Progress) -> float:
    """How much of the work is done, 0 to 1."""
    return min(max(step.done / step.total, 0.0), 1.0) if step.total else 0.0


def row(state: JobState, width: int) -> Content:
    """One line of the list: sign, title, how it stands."""
    sign, style = SIGNS[state.phase]
    end = state.phase if state.phase != "running" else how_far(state) or "running"
    room = max(width - len(end) - 4, 8)
    title = one_line(state.spec.title or VERBS.get(state.spec.kind, state.spec.kind), room)
    pad = " " * max(room - content(title).cell_length, 0)
    return content((sign, style), f" {title}{pad} ", (end, style))


def details(state: JobState, width: int, stop_key: str) -> Content:
    """Everything about a job.

    Args:
        state: How it stands.
        width: Cells in a line.
        stop_key: The key that stops it.
    """
    sign, style = SIGNS[state.phase]
    lines: list[Content] = [
        content((f"{sign} {state.phase}", style), f" · {one_line(state.spec.title)}", (_time(state), "$text-muted"))
    ]
    step = state.progress
    if step is not None and not state.ended:
        lines += [content(bar(step, max(min(width, 60) - 6, 10))), content(_pace(state, step))]
        lines += [content((one_line(f"{step.stage}{f' · {step.detail}' if step.detail else ''}", 300), "$text-muted"))]
    match state.phase:
        case "waiting":
            lines.append(content("It begins when the work before it has ended."))
        case "running" if step is None:
            lines.append(content("starting …"))
        case "stopping":
            lines.append(content("Stopping: what cannot be cut is finished first. What is finished is kept."))
        case "failed":
            lines.append(content((one_line(state.error, 1000), "$text-error")))
            lines += [content(one_line(state.hint, 1000))] if state.hint else []
        case _ if state.summary:
            lines.append(content(one_line(state.summary, 1000)))
    if not state.ended and state.phase != "stopping":
        lines.append(content((f"{stop_key} stops it; what is finished is kept", "$text-muted")))
    return content(*(part for line in lines for part in (line, "\n")))


def bar(step: Progress, width: int) -> str:
    """A bar of blocks with the percentage behind it; blank where nobody knows how much there is."""
    if not step.total:
        return ""
    full = round(share(step) * width)
    return f"{'█' * full}{'░' * (width - full)} {100 * share(step):3.0f} %"


def notice(state: JobState) -> str:
    """What is said when a job has ended."""
    title = one_line(state.spec.title or VERBS.get(state.spec.kind, state.spec.kind), 80)
    said = f"{state.error} {state.hint}" if state.phase == "failed" else state.summary or state.phase
    return f"{SIGNS[state.phase][0]} {title}: {one_line(said, 500)}"


def _time(state: JobState) -> str:
    if state.phase == "waiting" or not state.seconds:
        return ""
    return f" · {'took' if state.ended else 'for'} {duration(state.seconds)}"


def _pace(state: JobState, step: Progress) -> str:
    parts = [f"{_count(step.done, step.unit)} of {_count(step.total, step.unit)}" if step.total else ""]
    parts.append(pace_words(state.rate, step.unit))
    parts.append(f"ETA {duration(state.eta)}" if state.eta is not None else "")
    return " · ".join(part for part in parts if part)


def _count(value: float, unit: str) -> str:
    return f"{value / 1e6:,.0f} MB" if unit == "bytes" else f"{value:,.0f} {unit}"
