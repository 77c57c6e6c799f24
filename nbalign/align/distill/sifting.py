"""Which of a model's lines are kept as guidelines, and which records really say what they say.

A small model repeats its examples, answers with empty generalities, and names sources at will. So a line is kept only
where the words that carry its meaning stand in the remarks behind it, and only those remarks count as its sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from nbalign.align.distill.parsing import Line, scores_of
from nbalign.align.distill.prompt import EXAMPLES
from nbalign.align.distill.records import Record
from nbalign.rubrics.model import Dimension

LONGEST = 160  # characters of a guideline; longer ones retell a case instead of saying what to look for
_GROUNDED = 0.7  # share of a line's telling words that its remarks must have together
_SHARED = 0.4  # ... and that each remark must have to count as a source
_RESTATES = 90  # of 100: a line whose words nearly all stand in the rubric's description of the same score
_ECHO = 85  # of 100, likeness with an example of the prompt

RESTATED = "What was distilled from it only restates the rubric."
NOTHING = "The model made no usable guideline of it."
WEAKER = "Other guidelines of the same batch had more behind them; no more than {most} are kept."

# Words that say nothing of what to look for, so that they neither ground a line nor count against it.
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """
    score scores when where with without that this these those there their them they than then which what whose have
    has had does done been being were was are and but for from into onto over under only also such both each every
    some more most much many very well good poor bad proper properly correct correctly clear clearly appropriate
    appropriately adequate adequately work works notebook notebooks reviewer remark remarks author grading rule not
    although though because while still just made make makes used uses using use all any one two its his her out
    """,
    )
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_IDENTIFIER = re.compile(r"\b\w*[^\W_]_[^\W_]\w*\b")
# The prompt's own words: a line with them speaks of the task, or obeys a remark instead of restating it.
_META = re.compile(r"\bdata-[0-9a-f]{8}\b|\bobey|\binstructions?\b|\bthe remarks?\b|\breviewers?\b", re.IGNORECASE)
_SCORED = re.compile(
    r"^\W*(?:a\s+)?score\s*(?:of\s*)?[:=]?\s*\d\s*(?:\([^)]*\)\s*)?(?:is\s+given\s*)?(?:when|if|where|:|-|for)?\s*",
    re.IGNORECASE,
)
# Figures of one work: decimals, shares, large numbers. `at least 5 folds` may stay.
_FIGURE = re.compile(r"\d[.,]\d|\d\s*(?:%|percent|per cent)|\d{3,}")


@dataclass(frozen=True, slots=True)
class Sifted:
    """A line that may be kept.

    Attributes:
        text: The guideline, such as `Score 1 when a scaler is fitted before the split.`
        score: The score it leads to.
        sources: Positions of the records that say it, ascending, at least one.
    """

    text: str
    score: int
    sources: tuple[int, ...]


def sift(
    line: Line, score: int, records: Sequence[Record], told: Iterable[int], dimension: Dimension
) -> tuple[Sifted | None, str]:
    """Keeps a line or says why not.

    Args:
        line: From `parse`.
        score: The score that was asked about.
        records: The batch.
        told: Positions of the records that the model was shown with this question; all have this score.
        dimension: What was scored; a line that only repeats its question or its level is not kept.

    Returns:
        The guideline and an empty word, or None and why, for the accounts of the labels behind it.
    """
    bare = _bare(line.text)
    if not line.whole or scores_of(line.text) - {score} or _META.search(bare):
        return None, NOTHING
    if any(fuzz.ratio(bare.casefold(), example) >= _ECHO for example in EXAMPLES):
        return None, NOTHING
    text = f"Score {score} when {bare}."
    telling = _telling(bare)
    if len(text) > LONGEST or len(telling) < 2 or _names_one_work(bare, records, dimension):
        return None, NOTHING
    sources = _sources(telling, line.numbers, records, list(told))
    if not sources:
        return None, NOTHING
    if restates(bare, score, dimension):
        return None, RESTATED
    return Sifted(text, score, sources), ""


def restates(text: str, score: int, dimension: Dimension) -> bool:
    """Whether a line says no more than the question, or than the rubric's own description of this score.

    The same words under another score are news: raters may be stricter or milder than their rubric.
    """
    level = dimension.levels.get(score, "")
    return any(
        fuzz.token_set_ratio(_plain(text), _plain(said)) >= _RESTATES for said in (dimension.question, level) if said
    )


def strongest(found: Sequence[Sifted], records: Sequence[Record], most: int) -> list[Sifted]:
    """At most so many: those with the most records behind them, then where judge and experts are furthest apart."""

    def weight(one: Sifted) -> tuple[int, int]:
        return -len(one.sources), -max(records[n].gap for n in one.sources)

    return sorted(found, key=weight)[:most]


def _sources(
    telling: frozenset[str], numbers: Sequence[int], records: Sequence[Record], told: list[int]
) -> tuple[int, ...]:
    """The records that share the line's telling words: of those it names, or where none of these does, of all told."""
    stems = {n: _telling(records[n].words) for n in told}
    for among in ([n - 1 for n in numbers if n - 1 in stems], told):
        saying = [n for n in among if len(telling & stems[n]) >= max(1, _SHARED * len(telling))]
        together = frozenset().union(*(stems[n] for n in saying))
        if saying and len(telling & together) >= _GROUNDED * len(telling):
            return tuple(sorted(saying))
    return ()


def _bare(text: str) -> str:
    """The line without its score: what is looked for."""
    bare = _SCORED.sub("", text).strip(" .;,:")
    first = bare.split(" ")[0]
    return bare[:1].lower() + bare[1:] if first == "A" or first[1:].islower() else bare  # `CV` and `K` stay as they are


def _telling(text: str) -> frozenset[str]:
    """Beginnings of the words that carry the meaning: `encode`, `encoded` and `encoding` are one."""
    return frozenset(word[:5] for word in _WORD.findall(text.casefold()) if word not in _EMPTY)


def _names_one_work(text: str, records: Sequence[Record], dimension: Dimension) -> bool:
    """Whether the line holds figures, or a name such as a column's that the remarks on one notebook alone use."""
    if _FIGURE.search(text):
        return True
    rubric = " ".join([dimension.question, *dimension.levels.values()])
    names = [name for name in _IDENTIFIER.findall(text) if name not in rubric]
    return any(sum(name in r.words for r in records) < 2 for name in names)


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
