"""Whether a run goes on or begins: one name always stands for one suite, one generator and one judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nbalign.errors import UsageError
from nbalign.suite.runs.model import Run

_MUST_AGREE = {
    "suite_sha256": "the suite",
    "identity": "the generator",
    "seed": "the seed",
    "rubric_sha256": "the rubric",
    "judge": "the judge",
}
_SHOWN = 4  # settings of a generator that are named as different


def continued(kept: Run, asked: Run) -> Run:
    """A run that is taken up again, with what may change: more cases of the same suite, more repeats, another note.

    Args:
        kept: What the run is.
        asked: What it is asked to be now.

    Raises:
        UsageError: If anything else differs: its notebooks could not be compared with each other.
    """
    differs = [words for field, words in _MUST_AGREE.items() if getattr(kept, field) != getattr(asked, field)]
    if differs:
        if kept.identity != asked.identity:
            differs += _settings(kept.identity, asked.identity)
        raise UsageError(
            f"the run {kept.name} was begun with something else: {', '.join(differs)}",
            f"Choose another name (--name), or delete it first: nbalign runs rm {kept.name}",
        )
    there = {case.id for case in kept.cases}
    cases = (*kept.cases, *(case for case in asked.cases if case.id not in there))
    return replace(
        kept, cases=cases, repeats=max(kept.repeats, asked.repeats), note=asked.note or kept.note, model=asked.model
    )


def _settings(kept: Mapping[str, str], asked: Mapping[str, str]) -> list[str]:
    """The settings of two generators that differ, in short."""
    names = [name for name in sorted({*kept, *asked}) if kept.get(name) != asked.get(name)]
    told = [f"{name} was {_short(kept.get(name))}, is {_short(asked.get(name))}" for name in names[:_SHOWN]]
    return [f"({'; '.join(told)}{'; …' if len(names) > _SHOWN else ''})"]


def _short(value: str | None) -> str:
    if value is None:
        return "not set"
    line = " ".join(value.split())
    return repr(line if len(line) <= 40 else f"{line[:39]}…")
