"""A new memory version out of what the labels came to: fits what is to be fitted, and leaves the rest as it was."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from nbalign.align.checks import Check
from nbalign.align.desk import Desk
from nbalign.align.guidelines import strength
from nbalign.align.memories import with_version
from nbalign.align.model import Account, Guideline, Lesson, Memory
from nbalign.align.precedents import precedents
from nbalign.align.teaching import calibration
from nbalign.align.wording import VERSION as WORDING
from nbalign.errors import UsageError
from nbalign.judge.opened import OpenJudge
from nbalign.judge.session import JudgeOptions
from nbalign.rubrics.model import Dimension, Rubric

Key = tuple[str, str]  # notebook, dimension
Distributions = Mapping[Key, Mapping[int, float]]


@dataclass(frozen=True, slots=True)
class Learned:
    """What the labels came to, before any fit.

    Attributes:
        lessons: Those whose notebook can be read.
        guidelines: Of the dimensions that are aligned, with what experts made of them.
        accounts: What became of each of their labels.
        checks: Dimension id -> checks.
    """

    lessons: Sequence[Lesson]
    guidelines: Sequence[Guideline]
    accounts: Sequence[Account]
    checks: Mapping[str, Sequence[Check]]


def made_by(model_sha256: str, options: JudgeOptions, arm: str) -> dict[str, str]:
    """What decides a memory besides rubric and labels, by name."""
    return {
        "model_sha256": model_sha256,
        "wording": WORDING,
        "evidence_tokens": str(options.evidence),
        "budget": str(options.budget),
        "arm": arm,
    }


def must_go_together(before: Memory, rubric: Rubric, dimensions: Sequence[Dimension], made: Mapping[str, str]) -> None:
    """Refuses to align some dimensions otherwise than the rest was: calibrations are fitted to one model's answers.

    Args:
        before: The latest version.
        rubric: The rubric.
        dimensions: Those that are to be aligned.
        made: From `made_by`.

    Raises:
        UsageError: If other dimensions of the memory come from another model, rubric text or setting.
    """
    asked = {dimension.id for dimension in dimensions}
    # A dimension that the rubric has no more cannot be asked for: it must not stand in the way for ever.
    others = {dimension.id for dimension in rubric.dimensions} - asked
    if others.isdisjoint({*before.calibrations, *(p.dimension for p in before.precedents)}):
        return
    if before.rubric_sha256 != rubric.sha256 or dict(before.made_by) != dict(made):
        raise UsageError(
            f"the other dimensions of the memory {before.version} were aligned with another model, rubric text or "
            "setting",
            "Align all dimensions together (leave out -d), or use the same model and settings again.",
        )


def taught_elsewhere(before: Memory | None, rubric: Rubric, dimensions: Sequence[Dimension]) -> set[str]:
    """Notebooks behind what a memory keeps of the rubric's other dimensions.

    An aligned judge reads what words mean off the notebooks of all precedents. They take part where some dimensions
    alone are aligned, too: a calibration must be fitted to the vectors that it will be shown.

    Args:
        before: The latest version; None for none.
        rubric: The rubric.
        dimensions: Those that are to be aligned.
    """
    others = {d.id for d in rubric.dimensions} - {d.id for d in dimensions}
    return {p.notebook for p in before.precedents if p.dimension in others} if before else set()


def make_memory(
    rubric: Rubric,
    dimensions: Sequence[Dimension],
    options: JudgeOptions,
    before: Memory | None,
    opened: OpenJudge,
    desk: Desk,
    base: Distributions,
    learned: Learned,
    answers: Mapping[Key, Mapping[str, float]],
    arm: str,
) -> Memory:
    """The next version.

    Args:
        rubric: The rubric.
        dimensions: Those that are aligned; what is known of the rubric's others is taken from the version before.
        options: How the unaligned judge judged.
        before: The latest version; None for none.
        opened: The loaded judge.
        desk: The notebooks.
        base: The unaligned judge's distributions.
        learned: What the labels came to.
        answers: (notebook, dimension) -> check id -> probability of yes.
        arm: What the memory's judge is, one of `JUDGE_ARMS`.
    """
    asked = {dimension.id for dimension in dimensions}
    others = _of(before, {dimension.id for dimension in rubric.dimensions} - asked)
    calibrations = dict(others.calibrations) if others else {}
    for dimension in dimensions:
        own = [lesson for lesson in learned.lessons if lesson.dimension == dimension.id]
        if own:
            checks = learned.checks[dimension.id]
            calibrations[dimension.id] = calibration(dimension.id, own, desk, rubric.scale, base, checks, answers, arm)
    # In an order of their own: which dimensions were aligned last must not make another version of the same content.
    guidelines = [*(others.guidelines if others else ()), *learned.guidelines]
    cases = [*(others.precedents if others else ()), *precedents(learned.lessons, desk.add)]
    accounts = [*(others.accounts if others else ()), *learned.accounts]
    return with_version(
        Memory(
            version="",
            rubric=rubric.id,
            rubric_sha256=rubric.sha256,
            model=opened.model,
            guidelines=tuple(sorted(guidelines, key=lambda g: (g.dimension, *strength(g)))),
            precedents=tuple(sorted(cases, key=lambda p: (p.dimension, p.name, p.notebook))),
            accounts=tuple(sorted(accounts, key=lambda a: a.event)),
            calibrations=calibrations,
            made_by=made_by(opened.model_sha256, options, arm),
            parent=before.version if before else "",
            at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
    )


def _of(memory: Memory | None, dimensions: Collection[str]) -> Memory | None:
    """What a memory says of some dimensions alone."""
    if memory is None:
        return None
    return replace(
        memory,
        guidelines=tuple(g for g in memory.guidelines if g.dimension in dimensions),
        precedents=tuple(p for p in memory.precedents if p.dimension in dimensions),
        accounts=tuple(a for a in memory.accounts if a.dimension in dimensions),
        calibrations={d: c for d, c in memory.calibrations.items() if d in dimensions},
    )
