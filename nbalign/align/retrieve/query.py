"""What retrieval looks for: the part of a notebook that matters to one dimension, computed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nbalign.align.retrieve.meaning import FloatArray, Meaning
from nbalign.align.retrieve.reading import Reading
from nbalign.align.retrieve.words import words
from nbalign.evidence.model import Evidence, Fact
from nbalign.notebooks.model import Notebook
from nbalign.rubrics.model import Dimension

_NEUTRAL = 0.25  # weight of a fact without points: it says what a notebook is about, not how good it is
_SHARE = 0.25  # of a notebook's cells are taken where no fact points at any
_FEWEST = 3


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """One notebook in one dimension, as retrieval sees it. No label is in it.

    Attributes:
        notebook: Content hash.
        dimension: Dimension id.
        reading: The words of all its cells; shared by the queries of all dimensions.
        cells: The relevant cells, ascending.
        vector: What they mean, unit length, shape (n,); zeros where nothing is known of their words.
        terms: Their stems with weights, of unit length together.
        facts: Kind of fact -> its weight; None where no facts are known of this dimension.
    """

    notebook: str
    dimension: str
    reading: Reading
    cells: tuple[int, ...]
    vector: FloatArray
    terms: Mapping[str, float]
    facts: Mapping[str, float] | None


def make_query(notebook: Notebook, dimension: Dimension, evidence: Evidence | None, meaning: Meaning) -> Query:
    """Reads what retrieval needs off a notebook.

    Args:
        notebook: The notebook to be judged, or that of a precedent.
        dimension: The dimension.
        evidence: Its facts; None leaves them out.
        meaning: What words mean.
    """
    reading = meaning.read(notebook)
    facts = evidence.of(dimension.id) if evidence else ()
    cells = relevant_cells(reading, dimension, facts, meaning)
    said = reading.of(cells)
    return Query(
        notebook.sha256,
        dimension.id,
        reading,
        cells,
        meaning.vector(said),
        meaning.terms(said),
        _weights(facts) if facts else None,
    )


def relevant_cells(reading: Reading, dimension: Dimension, facts: Sequence[Fact], meaning: Meaning) -> tuple[int, ...]:
    """The cells that matter to a dimension.

    Cells that facts of the dimension point at; without any, those nearest to its title, question and levels by
    meaning and words, a quarter of the notebook and at least three; all where the dimension's words meet none.
    """
    pointed = {cell for fact in facts for cell in fact.cells} & set(reading.numbers)
    if pointed:
        return tuple(sorted(pointed))
    asked = Counter(words(" ".join([dimension.title, dimension.question, *dimension.levels.values()])))
    vector, terms = meaning.vector(asked), meaning.terms(asked)
    cells = meaning.cells(reading)
    near = []
    for number in reading.numbers:
        of_cell, terms_of_cell = cells[number - 1]
        by_words = dot(terms, terms_of_cell)
        near.append((round(float(vector @ of_cell) + by_words, 9), by_words, number))
    if len(near) <= _FEWEST or not any(by_words for _, by_words, _ in near):
        return reading.numbers
    most = max(_FEWEST, round(_SHARE * len(near)))
    near.sort(key=lambda item: (-item[0], item[2]))
    return tuple(sorted(number for _, _, number in near[:most]))


def vector(notebook: Notebook, cells: Iterable[int], meaning: Meaning) -> FloatArray:
    """What some cells of a notebook mean: unit length, shape (n,); zeros where nothing is known of their words."""
    return meaning.vector(meaning.read(notebook).of(cells))


def dot(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """Inner product of two sparse vectors; summed in an order that does not depend on how they were made."""
    if len(a) > len(b):
        a, b = b, a
    return sum(a[name] * b[name] for name in sorted(a.keys() & b.keys()))


def overlap(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """Weighted Jaccard index of two bags: shared weight over all weight, 0..1; 0 where both are empty."""
    names = sorted(a.keys() | b.keys())
    shared = sum(min(a.get(name, 0.0), b.get(name, 0.0)) for name in names)
    total = sum(max(a.get(name, 0.0), b.get(name, 0.0)) for name in names)
    return shared / total if total else 0.0


def _weights(facts: Iterable[Fact]) -> dict[str, float]:
    """Kind -> weight; a fact that is milder or graver than its kind is weighed as it is."""
    weights: dict[str, float] = {}
    for fact in facts:
        name = fact.kind.name
        weights[name] = max(weights.get(name, 0.0), fact.strength, _NEUTRAL)
    return weights
