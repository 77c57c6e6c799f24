"""Checks made from a rubric's levels and from guidelines, without any model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nbalign.align.checks.clauses import alike, clauses
from nbalign.align.checks.conditions import condition
from nbalign.align.checks.model import MOST_WORDS, Check, Statement, make_check, statement
from nbalign.align.model import IN_FORCE, Guideline
from nbalign.notebooks.sanitise import clean_line
from nbalign.rubrics.model import Dimension, Rubric

_LONGEST = 200  # characters of a clause: a word may be long, too
_CLOSED = re.compile(r"(?:do(?:es)?|did|is|are|was|were|has|have|can|could|will|would|should)\b", re.IGNORECASE)
_BY_HAND = {"pinned": 0, "written": 1}  # guidelines that somebody stands behind come first


def rubric_checks(rubric: Rubric, dimension: Dimension, most: int = 6) -> list[Check]:
    """What the highest and the lowest level of a dimension say, as checks.

    Half of them are taken from either end, in the order of its text; where one end has fewer clauses the other fills
    up. A dimension without words for its levels is asked its own question.

    Args:
        rubric: The rubric.
        dimension: One of its dimensions.
        most: Most checks, 1 or more.

    Returns:
        At most `most` checks, those of the highest level first; the same in every run.
    """
    top, bottom = rubric.scale.levels[-1], rubric.scale.levels[0]
    found: list[tuple[str, bool, str]] = []
    for level, good in ((top, True), (bottom, False)):
        for clause in clauses(dimension.levels.get(level, "")):
            if not any(alike(clause, other) for other, _, _ in found):
                found.append((clause, good, f"level {level}"))
    highest, lowest = [f for f in found if f[1]], [f for f in found if not f[1]]
    of_top = max(most - most // 2, most - len(lowest))
    chosen = highest[:of_top]
    chosen += lowest[: most - len(chosen)]
    if not chosen:
        return [make_check(rubric, dimension.id, _own_question(rubric, dimension), True, "question")]
    about = noun(rubric)
    return [make_check(rubric, dimension.id, ask(clause, about), good, source) for clause, good, source in chosen]


def guideline_checks(
    rubric: Rubric, dimension: Dimension, guidelines: Iterable[Guideline], most: int = 4
) -> list[Check]:
    """Guidelines as checks: what each looks for, without the score that it leads to.

    Pinned ones come first, then written ones, then those with the most sources; of near-duplicates the first stays.

    Args:
        rubric: The rubric.
        dimension: One of its dimensions; guidelines of others are left out, and so are rejected ones.
        guidelines: Any number.
        most: Most checks, 0 or more.
    """
    checks: list[Check] = []
    asked: list[str] = []
    about = noun(rubric)
    for guideline in sorted(guidelines, key=_strength):
        if len(checks) >= most:
            break
        if guideline.dimension != dimension.id or guideline.state not in IN_FORCE:
            continue
        what = condition(guideline.text, rubric.scale)
        parts = clauses(what.text)
        if not parts or any(alike(parts[0], other) for other in asked):
            continue
        asked.append(parts[0])
        checks.append(make_check(rubric, dimension.id, ask(parts[0], about), what.good, guideline.id))
    return checks


def without_twins(checks: Sequence[Check]) -> list[Check]:
    """The checks of which none before asks nearly the same, as where a guideline says what the rubric says."""
    kept: list[Check] = []
    for check in checks:
        if not any(check.dimension == other.dimension and alike(_asked(check), _asked(other)) for other in kept):
            kept.append(check)
    return kept


def ask(clause: str, about: str) -> str:
    """The question whether a clause holds, at most 25 words.

    Args:
        clause: From `clauses`.
        about: What it is about, from `noun`.
    """
    frame = len(Statement(about, "x").question.split()) - 1
    return Statement(about, _cut(_quotable(clause), MOST_WORDS - frame)).question


def noun(rubric: Rubric) -> str:
    """What the rubric is about, as far as it says so: `notebook`, or `material` for anything else."""
    texts = [rubric.title, *rubric.scale.meanings.values()]
    for dimension in rubric.dimensions:
        texts += [dimension.question, *dimension.levels.values()]
    return "notebook" if any("notebook" in text.casefold() for text in texts) else "material"


def _own_question(rubric: Rubric, dimension: Dimension) -> str:
    """The dimension's question where yes and no answer it, else whether the material is good at it."""
    question = clean_line(dimension.question, _LONGEST).split("?")[0].strip(" .")
    if _CLOSED.match(question):
        return f"{_cut(question, MOST_WORDS)}?"
    head = f"Is the {noun(rubric)} good at this: "
    return f'{head}"{_cut(_quotable(question or dimension.title), MOST_WORDS - len(head.split()))}"?'


def _quotable(text: str) -> str:
    return clean_line(text, _LONGEST).replace('"', "'")


def _cut(text: str, most: int) -> str:
    """The first words of a text, at most so many."""
    parts = text.split()
    return text if len(parts) <= most else " ".join([*parts[: most - 1], "…"])


def _strength(guideline: Guideline) -> tuple[int, int, str]:
    return (_BY_HAND.get(guideline.state, 2), -len(guideline.sources), guideline.id)


def _asked(check: Check) -> str:
    """What a check asks, without the words that all checks have in common."""
    quoted = statement(check)
    return quoted.clause if quoted else check.text
