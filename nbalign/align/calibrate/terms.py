"""Words that raters use of a dimension and that notebooks use too: how a standard told in words reaches the fit.

A rater who takes points off for "no axis is labelled" says so in most justifications, and says it of some scores more
than of others. How often such a stem stands in the notebook itself is then a feature worth looking at, without any
language model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nbalign.align.calibrate.model import FloatArray, Taught
from nbalign.align.calibrate.stems import split_words, stem

MOST_TERMS = 60
_MOST_CANDIDATES = 1_500
_MOST_WORDS = 20_000  # characters of one example's justifications that are read
_LEAST_MENTIONS = 2
_LEAST_NOTEBOOKS = 2
_LEAST_VARIATION = 0.1  # of log(1 + count) over the notebooks; below it the word is simply everywhere
_SHORTEST = 3
_ALWAYS = 0.2  # what a word counts for that is said of all scores alike

_COMMON_WORDS = """
the and but not with for from are was were has have had its that this which who they there than then too very only also
just more most some any each all into out over under does did done can could would should may might will shall been
being both either neither nor yet here where when while what how why because about after before between during again
once such own same other another few many much one two three four five she her him his you your our their them these
those off per via
"""
_COMMON = frozenset(stem(word) for word in _COMMON_WORDS.split())


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Candidate terms over all training examples.

    Attributes:
        stems: The stems, shape (t,).
        shown: For each the form that raters use most, for people.
        said: 1.0 where an example's justifications hold the stem, shape (n, t).
        found: How often it stands in the example's notebook, shape (n, t).
    """

    stems: tuple[str, ...]
    shown: tuple[str, ...]
    said: FloatArray
    found: FloatArray

    def weights(self, rows: np.typing.NDArray[np.intp], scores: FloatArray) -> FloatArray:
        """How much each term is worth looking at, learned from some of the examples alone.

        The weight is (0.2 + |r|) m^(1/4): r is the correlation of "a rater says it" with the score, and m counts the
        examples that say it. So a word said of one score only counts, a word said often counts more, and one said of
        every notebook still counts: it is what the rater always looks at. Terms that fewer than two examples say, or
        that do not vary between the notebooks, get 0, and so do all but the best 60.

        Args:
            rows: Indices of the examples learned from.
            scores: Their scores, shape (len(rows),).

        Returns:
            Weights >= 0, shape (t,), the largest 1 unless all are 0.
        """
        said, found = self.said[rows], self.found[rows]
        if not said.size:
            return np.zeros(len(self.stems))
        mentions = said.sum(axis=0)
        usable = (
            (mentions >= _LEAST_MENTIONS)
            & ((found > 0).sum(axis=0) >= _LEAST_NOTEBOOKS)
            & (np.log1p(found).std(axis=0) >= _LEAST_VARIATION)
        )
        apart = said - said.mean(axis=0)
        centred = scores - scores.mean()
        size = np.sqrt((apart**2).sum(axis=0) * (centred @ centred))
        correlation = np.abs(centred @ apart) / np.where(size > 1e-12, size, np.inf)
        weights = np.where(usable, (_ALWAYS + correlation) * mentions**0.25, 0.0)
        if np.count_nonzero(weights) > MOST_TERMS:
            best = np.argsort(-weights, kind="stable")[:MOST_TERMS]
            kept = np.zeros_like(weights)
            kept[best] = weights[best]
            weights = kept
        top = float(weights.max(initial=0.0))
        return weights / top if top > 0 else weights


def find_terms(taught: Sequence[Taught]) -> Terms:
    """Stems that stand in the justifications of two examples or more and in two notebooks or more.

    Args:
        taught: Training examples of one dimension.
    """
    said: list[set[str]] = []
    forms: dict[str, Counter[str]] = {}
    for example in taught:
        own: set[str] = set()
        for word in split_words(" ".join(example.words)[:_MOST_WORDS]):
            root = stem(word)
            if len(root) >= _SHORTEST and root not in _COMMON:
                own.add(root)
                forms.setdefault(root, Counter())[word] += 1
        said.append(own)
    mentions = Counter(root for own in said for root in own)
    often = [root for root, count in mentions.items() if count >= _LEAST_MENTIONS]
    often = sorted(often, key=lambda root: (-mentions[root], root))[:_MOST_CANDIDATES]
    shape = (len(taught), len(often))
    found = np.array([[e.view.stems.get(root, 0) for root in often] for e in taught], dtype=np.float64).reshape(shape)
    place = {root: i for i, root in enumerate(often)}
    mentioned = np.zeros(shape)
    for i, own in enumerate(said):
        mentioned[i, [place[root] for root in own if root in place]] = 1.0
    usable = np.flatnonzero((found > 0).sum(axis=0) >= _LEAST_NOTEBOOKS)
    stems = tuple(often[i] for i in usable)
    return Terms(stems, tuple(_usual(forms[root]) for root in stems), mentioned[:, usable], found[:, usable])


def _usual(forms: Counter[str]) -> str:
    return min(forms, key=lambda word: (-forms[word], word))
