"""Calibrations for a memory: fitted on everything that is learned from, kept as JSON with their checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nbalign.align.blend import MOST, share_of
from nbalign.align.calibrate import Fitted, Taught, View, fit
from nbalign.align.checks import Check, weights
from nbalign.align.desk import Desk
from nbalign.align.learned import ARM_BLOCKS, CALIBRATED
from nbalign.align.model import Lesson
from nbalign.rubrics.model import Scale

Key = tuple[str, str]  # notebook, dimension


def calibration(
    dimension: str,
    lessons: Sequence[Lesson],
    desk: Desk,
    scale: Scale,
    base: Mapping[Key, Mapping[int, float]],
    checks: Sequence[Check],
    answers: Mapping[Key, Mapping[str, float]],
    arm: str,
) -> dict[str, Any]:
    """Fits one dimension.

    Args:
        dimension: Dimension id.
        lessons: Its lessons, at least one.
        desk: Their notebooks.
        scale: The scale.
        base: The unaligned judge's distributions.
        checks: The checks of this dimension.
        answers: (notebook, dimension) -> check id -> probability of yes.
        arm: What the memory's judge is, one of `JUDGE_ARMS`.

    Returns:
        JSON values that `read_calibration` and `read_checks` understand.
    """

    def view(notebook: str) -> View:
        key = notebook, dimension
        return desk.view(notebook, dimension, base.get(key), answers.get(key))

    taught = [
        Taught(view(lesson.notebook), lesson.score, tuple(remark.text for remark in lesson.remarks))
        for lesson in lessons
    ]
    fitted = fit(taught, scale, ARM_BLOCKS[arm])
    said = {
        check.id: {
            lesson.notebook: given[check.id]
            for lesson in lessons
            if check.id in (given := answers.get((lesson.notebook, dimension), {}))
        }
        for check in checks
    }
    believed = weights(checks, said, {lesson.notebook: lesson.score for lesson in lessons}, scale.not_applicable)
    return {
        **fitted.as_json(),
        "share": 1.0 if arm == CALIBRATED else share_of(fitted, taught, scale),
        "checks": [
            {"id": c.id, "text": c.text, "good": c.good, "source": c.source, "weight": believed[c.id]} for c in checks
        ],
    }


def read_calibration(values: Mapping[str, Any]) -> tuple[Fitted, float]:
    """A kept calibration, and its share beside the judge with a memory.

    Raises:
        StoreError: If it cannot be read.
    """
    return Fitted.from_json(values), float(values.get("share", 1 - MOST))


def read_checks(dimension: str, values: Mapping[str, Any]) -> list[tuple[Check, float]]:
    """The checks of a kept calibration, each with what the labels believe of it, in levels per unit of logit."""
    return [
        (Check(c["id"], dimension, c["text"], c["good"], c["source"]), float(c["weight"]))
        for c in values.get("checks", ())
    ]
