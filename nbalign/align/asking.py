"""Checks put to a loaded model, each once ever."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from nbalign.align.checks import Check, p_yes, question
from nbalign.align.desk import Desk
from nbalign.align.model import Lesson
from nbalign.errors import Cancelled
from nbalign.judge.opened import OpenJudge
from nbalign.judge.probing import Probe, Tally
from nbalign.judge.reading import Reading
from nbalign.progress import OnProgress, Progress


def ask_checks(
    opened: OpenJudge, reading: Reading, checks: Mapping[str, Sequence[Check]]
) -> tuple[dict[str, dict[str, float]], Tally, list[Probe]]:
    """Asks checks about one notebook; answers that are kept are not computed again.

    Args:
        opened: The loaded judge.
        reading: The notebook as the judge reads it.
        checks: Dimension id -> its checks.

    Returns:
        Dimension id -> check id -> probability of yes, for the dimensions that have checks; what it cost; the answers.

    Raises:
        ModelError: If the model cannot answer.
        Cancelled: After a cancel of the engine.
    """
    frame = opened.engine.info.frame
    asked = {(d, check): question(frame, check) for d, many in checks.items() for check in many}
    if not asked:
        return {}, Tally(), []
    found, tally = opened.prober.ask(reading, list(asked.values()))
    said: dict[str, dict[str, float]] = {}
    for (dimension, check), one in asked.items():
        said.setdefault(dimension, {})[check.id] = p_yes(check, found[one].probabilities)
    return said, tally, list(found.values())


def ask_lessons(
    opened: OpenJudge,
    desk: Desk,
    lessons: Sequence[Lesson],
    checks: Mapping[str, Sequence[Check]],
    progress: OnProgress,
    cancel: threading.Event | None,
) -> tuple[Tally, dict[tuple[str, str], Mapping[str, float]]]:
    """Asks every check about every notebook that is learned from; answers that are kept are not computed again.

    Args:
        opened: The loaded judge.
        desk: The notebooks.
        lessons: What is learned from; their notebooks are at hand.
        checks: Dimension id -> its checks.
        progress: Told how many notebooks are done.
        cancel: Set it to stop.

    Returns:
        What it cost, and (notebook, dimension) -> check id -> probability of yes.

    Raises:
        ModelError: If the model cannot answer.
        Cancelled: If it was stopped; what is finished is kept.
    """
    tally = Tally()
    answers: dict[tuple[str, str], Mapping[str, float]] = {}
    of: dict[str, list[str]] = {}
    for lesson in lessons:
        of.setdefault(lesson.notebook, []).append(lesson.dimension)
    for n, (sha256, dimensions) in enumerate(of.items()):
        if cancel is not None and cancel.is_set():
            raise Cancelled("stopped; every finished answer is kept")
        progress(Progress("asking checks", n, len(of), "notebooks"))
        reading = opened.judge.read(desk.notebooks[sha256])
        found, cost, _ = ask_checks(opened, reading, {d: checks[d] for d in dimensions})
        answers |= {(sha256, d): said for d, said in found.items()}
        tally += cost
    progress(Progress("asking checks", len(of), len(of), "notebooks"))
    return tally, answers
