"""How unlike a notebook is to others: cosines between TF-IDF vectors of word stems, with NumPy alone.

The weights are (1 + log tf) * (log((1 + n) / (1 + df)) + 1), vectors have unit length; after G. Salton, C. Buckley,
"Term-weighting approaches in automatic text retrieval", Information Processing & Management 24 (1988) 513-523.
Stems are hashed into a fixed number of places, so that memory is bounded whatever notebooks hold.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nbalign.notebooks.model import Notebook

Vectors = npt.NDArray[np.float32]

VERSION = "1"  # raise it with every change to what becomes a stem or its place: kept bags are then made anew

_PLACES = 4096
_MOST_CHARACTERS = 200_000  # of one notebook: what says how it differs stands well within
_WORD = re.compile(r"[^\W\d_]{3,40}")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")  # camelCase is two words
_ENDINGS = ("ations", "ation", "ings", "ing", "edly", "ies", "ed", "es", "s")


def stems(notebook: Notebook) -> Counter[str]:
    """Stem -> how often it stands in the sources of a notebook and in its task; outputs are left out."""
    text = "\n".join([notebook.prompt, *(cell.source for cell in notebook.cells)])[:_MOST_CHARACTERS]
    return Counter(_stem(word.lower()) for word in _WORD.findall(_HUMP.sub(" ", text)))


@dataclass(frozen=True, slots=True)
class Bag:
    """The stems of a notebook, hashed into places: what its likeness to others needs, and no more.

    Attributes:
        places: Ascending, without repeats, below 4096.
        counts: How often stems of each place stand there, at most 65,535.
    """

    places: npt.NDArray[np.uint16]
    counts: npt.NDArray[np.uint16]


def bag(counted: Counter[str]) -> Bag:
    """Stems as a bag; one without words is empty."""
    table: Counter[int] = Counter()
    for stem, count in counted.items():
        table[zlib.crc32(stem.encode()) % _PLACES] += count
    places = sorted(table)
    counts = [min(table[place], 65_535) for place in places]
    return Bag(np.asarray(places, dtype=np.uint16), np.asarray(counts, dtype=np.uint16))


def vectors(bags: Sequence[Bag]) -> Vectors:
    """TF-IDF vectors of notebooks, shape (len(bags), 4096), unit length; all zero for one without words.

    Args:
        bags: One a notebook; how rare a stem is, is taken from these notebooks alone.
    """
    seen = np.zeros(_PLACES)
    for each in bags:
        seen[each.places] += 1
    rarity = np.log((1 + len(bags)) / (1 + seen)) + 1
    table = np.zeros((len(bags), _PLACES), dtype=np.float32)
    for row, each in enumerate(bags):  # row by row: thousands of notebooks fit into memory once, not three times
        weights = (1 + np.log(each.counts.astype(np.float64))) * rarity[each.places]
        table[row, each.places] = weights / max(float(np.linalg.norm(weights)), 1e-12)
    return table


def nearest(rows: Vectors, to: Vectors) -> npt.NDArray[np.float64]:
    """The largest cosine of each row with any of `to`, shape (len(rows),), 0..1; 0 where `to` is empty."""
    if not len(to) or not len(rows):
        return np.zeros(len(rows))
    closest: npt.NDArray[np.float64] = np.clip((rows @ to.T).max(axis=1), 0, 1).astype(np.float64)
    return closest


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
