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

import numpy as np
import numpy.typing as npt

from nbalign.notebooks.model import Notebook

Vectors = npt.NDArray[np.float32]

_PLACES = 4096
_MOST_CHARACTERS = 200_000  # of one notebook: what says how it differs stands well within
_WORD = re.compile(r"[^\W\d_]{3,40}")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")  # camelCase is two words
_ENDINGS = ("ations", "ation", "ings", "ing", "edly", "ies", "ed", "es", "s")


def stems(notebook: Notebook) -> Counter[str]:
    """Stem -> how often it stands in the sources of a notebook and in its task; outputs are left out."""
    text = "\n".join([notebook.prompt, *(cell.source for cell in notebook.cells)])[:_MOST_CHARACTERS]
    return Counter(_stem(word.lower()) for word in _WORD.findall(_HUMP.sub(" ", text)))


def vectors(counts: Sequence[Counter[str]]) -> Vectors:
    """TF-IDF vectors of notebooks, shape (len(counts), 4096), unit length; all zero for one without words.

    Args:
        counts: One counter of stems a notebook; how rare a stem is, is taken from these notebooks alone.
    """
    table = np.zeros((len(counts), _PLACES), dtype=np.float32)
    for row, counted in enumerate(counts):
        for stem, count in counted.items():
            table[row, zlib.crc32(stem.encode()) % _PLACES] += count
    rarity = np.log((1 + len(counts)) / (1 + (table > 0).sum(axis=0))) + 1
    weighted = np.where(table > 0, 1 + np.log(np.maximum(table, 1)), 0) * rarity
    length = np.linalg.norm(weighted, axis=1, keepdims=True)
    unit: Vectors = (weighted / np.where(length > 0, length, 1)).astype(np.float32)
    return unit


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
