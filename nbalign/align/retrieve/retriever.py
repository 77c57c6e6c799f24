"""The nearest precedents of a notebook in one dimension: by meaning, by words and by facts, fused by rank.

The three similarities have scales of their own, and which scale depends on the model, the rubric and the notebooks. So
each becomes a rank among the candidates first (0 the farthest, 1 the nearest, ties shared), and the ranks are averaged.
Facts weigh as much as meaning and words together: they are read for this very dimension, while the other two mostly
tell what a notebook is about. Where no facts are known of a dimension, the other two share the whole weight.

Before ranking, a precedent's mean similarity to the notebooks of all candidates is taken off its similarity by meaning
and by words. A long justification, or one in common words, is close to everything; without this it would be a
neighbour of every notebook (such "hubs" are the known weakness of nearest neighbours in many dimensions).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nbalign.align.model import Precedent
from nbalign.align.retrieve.meaning import FloatArray, Meaning
from nbalign.align.retrieve.query import Query, overlap
from nbalign.align.retrieve.words import words

_POWER = 8  # a precedent's weight in `score` is its similarity to this power: about the nearest ninth counts
_CLOSE = 0.25  # how much less similar a neighbour with another score may be than the one whose place it takes
_BACKGROUND = 300  # notebooks that a precedent's mean similarity is taken over, at most
_DECIMALS = 9  # similarities are rounded before they are ranked, so that the order of a sum decides no tie


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A precedent near a notebook.

    Attributes:
        precedent: The precedent.
        similarity: Mean of its ranks among the candidates, 0..1, 1 for one that is nearest in every respect.
        by_meaning: Mean cosine of the notebook's relevant cells with those of the precedent's notebook, and with the
            cells and words of the precedent, -1..1.
        by_words: The same with weighted stems, 0..1.
        by_facts: Weighted share of facts in common, 0..1; None where the notebook has none in this dimension.
    """

    precedent: Precedent
    similarity: float
    by_meaning: float
    by_words: float
    by_facts: float | None


class Retriever:
    """Finds neighbours among precedents.

    The notebook that is asked about, notebooks that are excluded, and copies of either are never candidates, and
    nothing of them takes part in the ranks of others.

    Args:
        precedents: Those to choose from, of any dimensions.
        queries: (notebook, dimension) -> the query of that precedent's own notebook, one for each precedent.
        meaning: What words mean; the same that made the queries.
        not_applicable: The digit of the scale that means N/A, or None; such precedents count for no `score`.

    Raises:
        KeyError: If the query of a precedent's notebook is missing.
    """

    def __init__(
        self,
        precedents: Sequence[Precedent],
        queries: Mapping[tuple[str, str], Query],
        meaning: Meaning,
        not_applicable: int | None,
    ) -> None:
        self._not_applicable = not_applicable
        self._content = {notebook: query.reading.content for (notebook, _), query in queries.items()}
        grouped: dict[str, list[Precedent]] = {}
        for precedent in sorted(precedents, key=lambda p: (p.dimension, p.notebook, p.sources)):
            grouped.setdefault(precedent.dimension, []).append(precedent)
        self._shelves = {
            dimension: _Shelf(group, [queries[p.notebook, dimension] for p in group], meaning)
            for dimension, group in grouped.items()
        }

    def neighbours(self, query: Query, k: int = 3, exclude: Collection[str] = ()) -> list[Neighbour]:
        """The nearest precedents, the nearest first.

        They are not all of one score where it can be helped: when the k nearest agree, the last of them makes room for
        the nearest one with another score, if that is at most 0.25 less similar. Of copies only the nearest stays.

        Args:
            query: The notebook to be judged.
            k: How many at most.
            exclude: Content hashes of notebooks that must not be seen, such as all of a held-out fold.
        """
        found: list[Neighbour] = []
        seen: set[str] = set()
        for neighbour in self._ranked(query, exclude):
            content = self._content[neighbour.precedent.notebook]
            if content not in seen:
                seen.add(content)
                found.append(neighbour)
        nearest, others = found[: max(0, k)], found[max(0, k) :]
        if k >= 2 and len({neighbour.precedent.score for neighbour in nearest}) == 1:
            for other in others:
                if other.similarity < nearest[-1].similarity - _CLOSE:
                    break
                if other.precedent.score != nearest[0].precedent.score:
                    return [*nearest[:-1], other]
        return nearest

    def score(self, query: Query, exclude: Collection[str] = ()) -> float | None:
        """The mean of the precedents' scores, N/A left out, weighted by similarity to the eighth power.

        Args:
            query: The notebook to be judged.
            exclude: As for `neighbours`.

        Returns:
            On the scale's levels; None where there is no precedent with a level.
        """
        scored = [n for n in self._ranked(query, exclude) if n.precedent.score != self._not_applicable]
        if not scored:
            return None
        weights = np.array([neighbour.similarity for neighbour in scored]) ** _POWER + 1e-6
        scores = np.array([neighbour.precedent.score for neighbour in scored], dtype=np.float64)
        return float(weights @ scores / weights.sum())

    def _ranked(self, query: Query, exclude: Collection[str]) -> list[Neighbour]:
        shelf = self._shelves.get(query.dimension)
        if shelf is None:
            return []
        names = {query.notebook, *exclude}
        contents = {query.reading.content} | {self._content[name] for name in names if name in self._content}
        allowed = [
            at
            for at, precedent in enumerate(shelf.precedents)
            if precedent.notebook not in names and self._content[precedent.notebook] not in contents
        ]
        return shelf.ranked(query, allowed) if allowed else []


class _Shelf:
    """All precedents of one dimension, with what was computed of them once."""

    def __init__(self, precedents: Sequence[Precedent], queries: Sequence[Query], meaning: Meaning) -> None:
        self.precedents = precedents
        self._queries = queries
        said = [_said(precedent, query) for precedent, query in zip(precedents, queries, strict=True)]
        told = [meaning.terms(bag) for bag in said]
        names = sorted({name for terms in (*told, *(query.terms for query in queries)) for name in terms})
        self._place = {name: at for at, name in enumerate(names)}
        # One row a precedent: where its own notebook and what it cites and says lie, halved, so that a product with a
        # query is the mean of two cosines.
        vectors = np.stack([query.vector for query in queries])
        terms = np.stack([self._row(query.terms) for query in queries])
        self._vectors = (vectors + np.stack([meaning.vector(bag) for bag in said])) / 2
        self._terms = (terms + np.stack([self._row(terms) for terms in told])) / 2
        self._by_meaning = vectors @ self._vectors.T
        self._by_words = terms @ self._terms.T

    def ranked(self, query: Query, allowed: Sequence[int]) -> list[Neighbour]:
        """The allowed precedents, the nearest first; ties in the order of their notebooks' hashes."""
        by_meaning = self._vectors[list(allowed)] @ query.vector
        by_words = self._terms[list(allowed)] @ self._row(query.terms)
        fused = _ranks(by_meaning - _means(self._by_meaning, allowed))
        fused = fused + _ranks(by_words - _means(self._by_words, allowed))
        by_facts: list[float] | None = None
        if query.facts is not None:
            by_facts = [overlap(query.facts, self._queries[at].facts or {}) for at in allowed]
            fused = fused + 2 * _ranks(np.array(by_facts))
        similarity = fused / (2 if by_facts is None else 4)
        found = [
            Neighbour(
                self.precedents[at],
                round(float(similarity[i]), _DECIMALS),
                round(float(by_meaning[i]), _DECIMALS),
                round(float(by_words[i]), _DECIMALS),
                None if by_facts is None else round(by_facts[i], _DECIMALS),
            )
            for i, at in enumerate(allowed)
        ]
        return sorted(found, key=lambda neighbour: -neighbour.similarity)

    def _row(self, terms: Mapping[str, float]) -> FloatArray:
        row = np.zeros(len(self._place))
        for name, weight in terms.items():
            if name in self._place:
                row[self._place[name]] = weight
        return row


def _said(precedent: Precedent, query: Query) -> Mapping[str, int]:
    """The words of the cited cells (the relevant ones where none are cited) and of the justification."""
    bag = query.reading.of(precedent.cells) or query.reading.of(query.cells)
    return bag + Counter(words(precedent.text))


def _means(similarities: FloatArray, allowed: Sequence[int]) -> FloatArray:
    """Mean similarity of each allowed precedent to the notebooks of the other allowed ones; 0 without others."""
    rows = allowed[:: -(-len(allowed) // _BACKGROUND)]
    part = similarities[np.ix_(rows, allowed)]
    own = np.array(rows)[:, None] == np.array(allowed)[None, :]
    counts = (~own).sum(axis=0)
    totals = np.where(own, 0.0, part).sum(axis=0)
    return np.asarray(np.divide(totals, counts, out=np.zeros(len(allowed)), where=counts > 0))


def _ranks(values: FloatArray) -> FloatArray:
    """Each value's rank from 0 (least) to 1 (greatest), ties shared; 1 for a value that is alone."""
    if len(values) == 1:
        return np.ones(1)
    ordered = np.sort(np.round(values, _DECIMALS))
    low = np.searchsorted(ordered, np.round(values, _DECIMALS), side="left")
    high = np.searchsorted(ordered, np.round(values, _DECIMALS), side="right") - 1
    return np.asarray((low + high) / 2 / (len(values) - 1))
