"""Sentences out of many batches become one list: what says the same is one guideline, with all its sources.

Experts have the last word. What they rejected stays rejected when it is distilled again, what they edited keeps their
words, and what they accepted, pinned or wrote stays although no batch says it any more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from nbalign.align.guidelines import guideline_id, strength
from nbalign.align.model import Guideline

# Of 100, with the words in sorted order. Rewordings of one fault by the same model lie between 70 and 95; at 80 what
# is joined was the same fault in every pair looked at, and below it two faults of one step ("... no cross-validation",
# "... no baseline") begin to be joined. A wrong join loses a guideline, a missed one costs a line: so rather 80.
ALIKE = 80

_DENIES = re.compile(r"\b(?:no|not|none|never|nothing|nor|neither|without|lacks?|lacking|missing|\w+n['’]t)\b")
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that a model distilled.

    Attributes:
        dimension: Dimension id.
        text: The sentence.
        sources: Events of the labels behind it, ascending, at least one.
    """

    dimension: str
    text: str
    sources: tuple[int, ...]


def alike(a: str, b: str) -> bool:
    """Whether two guidelines say nearly the same.

    Never where they name different numbers (a score above all) or only one of them denies something: "Score 1 when
    the split is not stratified" and "Score 3 when the split is stratified" share nearly all their words.
    """
    a, b = a.casefold(), b.casefold()
    if sorted(_NUMBERS.findall(a)) != sorted(_NUMBERS.findall(b)) or bool(_DENIES.search(a)) != bool(_DENIES.search(b)):
        return False
    return fuzz.token_sort_ratio(a, b) >= ALIKE


def merge(
    rubric: str,
    candidates: Iterable[Candidate],
    kept: Sequence[Guideline] = (),
    past: Mapping[str, Collection[str]] | None = None,
    live: Collection[int] | None = None,
) -> list[Guideline]:
    """Guidelines out of candidates, and out of what was there before.

    The order of the candidates does not matter.

    Args:
        rubric: Rubric id.
        candidates: Everything distilled, of any dimensions.
        kept: The guidelines as they stand (`Guidelines.current`). Proposals among them that no candidate repeats are
            left out of the result. For an experiment: nothing that was learned from labels of a held-out fold, which
            leaves those that were written by hand.
        past: Id -> earlier texts of a kept guideline (`Guidelines.texts`), by which it is recognised too.
        live: Events of labels that stand; other sources of kept guidelines are dropped. None keeps all.

    Returns:
        By dimension and strength: pinned, written, then by the number of sources; rejected ones last.
    """
    known = {g.id: g for g in sorted(kept, key=strength)}
    texts = {ref: {g.text, *(past or {}).get(ref, ())} for ref, g in known.items()}
    said: dict[str, set[int]] = {ref: set() for ref in known}
    # The best supported first: its words are then those that a group is called by.
    waiting = sorted(_equal_ones(candidates), key=lambda c: (c.dimension, -len(c.sources), len(c.text), c.text))
    fresh: list[tuple[Candidate, set[int]]] = []
    for candidate in waiting:
        home = _home(candidate, known, texts)
        if home is not None:
            said[home].update(candidate.sources)
            continue
        for first, sources in fresh:
            if first.dimension == candidate.dimension and alike(first.text, candidate.text):
                sources.update(candidate.sources)
                break
        else:
            fresh.append((candidate, set(candidate.sources)))
    found = [_renewed(g, said[g.id], live) for g in known.values() if g.state != "proposed" or said[g.id]]
    for candidate, sources in fresh:
        ref = guideline_id(rubric, candidate.dimension, candidate.text)
        found.append(Guideline(ref, candidate.dimension, candidate.text, "proposed", tuple(sorted(sources))))
    return sorted(found, key=lambda g: (g.dimension, *strength(g)))


def _equal_ones(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Candidates of which no two have the same words, case left aside."""
    found: dict[tuple[str, str], tuple[str, set[int]]] = {}
    for candidate in sorted(candidates, key=lambda c: c.text):
        key = candidate.dimension, " ".join(candidate.text.casefold().split())
        found.setdefault(key, (candidate.text, set()))[1].update(candidate.sources)
    return [Candidate(dimension, text, tuple(sorted(s))) for (dimension, _), (text, s) in found.items()]


def _home(candidate: Candidate, known: Mapping[str, Guideline], texts: Mapping[str, Collection[str]]) -> str | None:
    """The kept guideline that says this already: one with the very words, or else the strongest that is alike.

    A rejected one goes before others that are alike: what an expert turned down must not come back by a side door.
    """
    mine = [g for g in known.values() if g.dimension == candidate.dimension]
    words = " ".join(candidate.text.casefold().split())
    for g in mine:
        if any(" ".join(text.casefold().split()) == words for text in texts[g.id]):
            return g.id
    near = [g for g in mine if any(alike(candidate.text, text) for text in texts[g.id])]
    near.sort(key=lambda g: g.state != "rejected")
    return near[0].id if near else None


def _renewed(g: Guideline, said: Collection[int], live: Collection[int] | None) -> Guideline:
    """A kept guideline with the sources that it has now."""
    if g.state == "proposed":
        return replace(g, sources=tuple(sorted(said)))  # nothing but what is distilled now speaks for it
    old = [event for event in g.sources if live is None or event in live]
    return replace(g, sources=tuple(sorted({*old, *said})))
