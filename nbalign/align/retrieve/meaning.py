"""Vectors of cells: static word vectors pooled by how rare words are, or TF-IDF where there are no word vectors.

Pooling follows Arora, Liang and Ma, "A simple but tough-to-beat baseline for sentence embeddings" (ICLR 2017): the mean
of word vectors with weights a / (a + p(word)), and from it the component that all texts have in common taken away.
Frequencies and the common component come from notebooks alone, never from labels: whoever is judged, nothing that a
rater gave or said is in them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from nbalign.align.retrieve.reading import Reading, read
from nbalign.align.retrieve.words import stem
from nbalign.notebooks.model import Notebook

FloatArray = npt.NDArray[np.float64]
Lookup = Callable[[Sequence[str]], npt.NDArray[np.float32]]  # words -> (n_words, width); zeros for unknown ones

_A = 1e-3  # the paper's; results hardly move between 1e-4 and 1e-2
_CELLS = 4_000  # cells that the common component is taken from
_STEMS = 2_000  # width of TF-IDF vectors at most
_ROUNDS = 20
_WORDS = 20_000  # looked up in one call


class Meaning:
    """What the cells of the notebooks at hand mean.

    Args:
        notebooks: The notebooks at hand, in any order; frequencies come from them.
        lookup: Word vectors, such as `nbalign.llm.meaning.WordVectors`; None falls back to TF-IDF over stems. It is
            asked again for words that first turn up later; they change nothing about earlier vectors. What it raises
            comes through.

    Attributes:
        static: Whether vectors are pooled from word vectors; False for TF-IDF.
    """

    def __init__(self, notebooks: Iterable[Notebook], lookup: Lookup | None = None) -> None:
        self._readings: dict[str, Reading] = {}
        self._lookup = lookup
        self._known: dict[str, npt.NDArray[np.float32]] = {}
        for notebook in notebooks:
            self.read(notebook)
        ordered = [self._readings[sha256] for sha256 in sorted(self._readings)]
        self._frequency: Counter[str] = Counter()
        spread: Counter[str] = Counter()
        for reading in ordered:
            whole = reading.of(reading.numbers)
            self._frequency.update(whole)
            spread.update({stem(word) for word in whole})
        self._total = max(1, sum(self._frequency.values()))
        self._count = len(ordered)
        self._spread = spread
        self.static = lookup is not None
        self._place: dict[str, int] = {}
        if lookup is None:
            # Stems of a single notebook tell nothing about another.
            shared = sorted((-n, name) for name, n in spread.items() if n > 1)[:_STEMS]
            self._place = {name: at for at, (_, name) in enumerate(shared)}
        else:
            self._learn(["a", *self._frequency])  # one word at least: it tells how wide vectors are
        self._common = self._common_component(ordered)
        self._latest: tuple[str, list[tuple[FloatArray, dict[str, float]]]] = ("", [])

    def read(self, notebook: Notebook) -> Reading:
        """A notebook's reading; taken once, also of notebooks that were not at hand before."""
        if notebook.sha256 not in self._readings:
            self._readings[notebook.sha256] = read(notebook)
        return self._readings[notebook.sha256]

    def rarity(self, name: str) -> float:
        """How much a stem tells two notebooks apart: its smoothed inverse document frequency, above 0."""
        return math.log((1 + self._count) / (1 + self._spread[name])) + 0.1

    def vector(self, words: Mapping[str, int]) -> FloatArray:
        """What a bag of words means.

        Args:
            words: Word in lower case -> how often.

        Returns:
            Unit length, shape (width,); zeros where none of the words is known.
        """
        return _unit(self._free(self._pooled(words)))

    def terms(self, words: Mapping[str, int]) -> dict[str, float]:
        """The stems of a bag of words with their weights (1 + log count, times rarity), of unit length together."""
        counts: Counter[str] = Counter()
        for word, n in words.items():
            counts[stem(word)] += n
        weights = {name: (1 + math.log(counts[name])) * self.rarity(name) for name in sorted(counts)}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {name: weight / length for name, weight in weights.items()} if length else {}

    def cells(self, reading: Reading) -> Sequence[tuple[FloatArray, Mapping[str, float]]]:
        """Vector and terms of each cell of a notebook; those of the latest notebook are kept for its next dimension."""
        name, found = self._latest
        if name != reading.notebook:
            found = [(self.vector(cell), self.terms(cell)) for cell in reading.cells]
            self._latest = reading.notebook, found
        return found

    def _pooled(self, words: Mapping[str, int]) -> FloatArray:
        if not self.static:
            found = np.zeros(max(1, len(self._place)))
            for name, weight in self.terms(words).items():
                if name in self._place:
                    found[self._place[name]] = weight
            return found
        self._learn(words)
        names = sorted(word for word in words if word in self._known)
        if not names:
            return np.zeros(len(next(iter(self._known.values()))))
        weights = np.array([words[word] * _A / (_A + self._frequency[word] / self._total) for word in names])
        table = np.stack([self._known[word] for word in names]).astype(np.float64)
        return np.asarray(weights @ table / weights.sum())

    def _learn(self, words: Iterable[str]) -> None:
        assert self._lookup is not None or not self.static
        new = sorted(set(words) - self._known.keys())
        for start in range(0, len(new), _WORDS):
            some = new[start : start + _WORDS]
            table = np.asarray(self._lookup(some), dtype=np.float32) if self._lookup else np.zeros((len(some), 1))
            # Long words of many tokens have short mean vectors and frequent ones long vectors: only directions count.
            lengths = np.linalg.norm(table, axis=1, keepdims=True)
            table = np.divide(table, lengths, out=np.zeros_like(table), where=lengths > 0)
            self._known.update(zip(some, table, strict=True))

    def _common_component(self, ordered: Sequence[Reading]) -> FloatArray | None:
        cells = [cell for reading in ordered for cell in reading.cells if cell]
        cells = cells[:: -(-len(cells) // _CELLS)] if cells else []
        if not self.static or len(cells) < 2:
            return None
        table = np.stack([self._pooled(cell) for cell in cells])
        direction: FloatArray = table.mean(axis=0)
        for _ in range(_ROUNDS):  # power iteration: the first component stands far above the others
            direction = _unit(table.T @ (table @ direction))
        return direction

    def _free(self, vector: FloatArray) -> FloatArray:
        return vector if self._common is None else vector - (vector @ self._common) * self._common


def _unit(vector: FloatArray) -> FloatArray:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 1e-9 else np.zeros_like(vector)
