"""Word stems of notebooks and of raters' words, so that "labelled axes" finds `ax.set_xlabel`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache

from nbalign.notebooks.model import Notebook

_MOST_CHARACTERS = 600_000
_MOST_STEMS = 5_000
_LONGEST = 24

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W\d_]{2,}")
_VOWEL = re.compile(r"[aeiouyäöüàáâèéêìíòóôùú]")

# Longest first: the first ending that fits, and leaves enough of a word, goes.
_ENDINGS = (
    ("isations", ""), ("izations", ""), ("isation", ""), ("ization", ""), ("ations", ""), ("ation", ""),
    ("ments", ""), ("ating", ""), ("ated", ""), ("ates", ""), ("ment", ""), ("ness", ""), ("ising", ""),
    ("izing", ""), ("ised", ""), ("ized", ""), ("ises", ""), ("izes", ""), ("ings", ""), ("ions", ""), ("ible", ""),
    ("able", ""), ("ally", ""), ("ies", "y"), ("ied", "y"), ("ing", ""), ("ion", ""), ("ate", ""), ("ise", ""),
    ("ize", ""), ("ers", ""), ("ors", ""), ("ed", ""), ("er", ""), ("or", ""), ("ly", ""), ("es", ""), ("al", ""),
    ("s", ""), ("e", ""),
)  # fmt: skip
_LEAST = 3  # letters that must be left, a vowel among them


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of one word in lower case: endings of English off, doubled last consonants made single.

    It is cruder than a dictionary and need not be right, only the same for forms of one word: `labels`, `labelled`
    and `labelling` give `label`. Words of other languages mostly come through whole.

    Args:
        word: One word without spaces; of a longer one the first 24 letters count.
    """
    word = word.lower()[:_LONGEST]
    if len(word) > _LEAST:
        for ending, instead in _ENDINGS:
            rest = word[: len(word) - len(ending)]
            if word.endswith(ending) and len(rest) >= _LEAST and _VOWEL.search(rest) and not word.endswith("ss"):
                word = rest + instead
                break
    if len(word) > _LEAST and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > _LEAST and word.endswith("y") else word


def split_words(text: str) -> list[str]:
    """The words of a text in lower case and in order: identifiers are taken apart at underscores and capitals."""
    return [word.lower() for word in _WORD.findall(_CAMEL.sub(" ", text))]


def stems(notebook: Notebook) -> Mapping[str, int]:
    """Stem -> how often it stands in a notebook: in code, comments, markdown and the text of outputs.

    Args:
        notebook: Any notebook; of a very long one the first 600,000 characters count, code and prose before outputs.

    Returns:
        At most 5,000 stems, the most frequent first (of equals the first in the alphabet).
    """
    found: Counter[str] = Counter()
    left = _MOST_CHARACTERS
    for text in _texts(notebook):
        if left <= 0:
            break
        found.update(map(stem, split_words(text[:left])))
        left -= len(text)
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return dict(ordered[:_MOST_STEMS])


def _texts(notebook: Notebook) -> Iterator[str]:
    for cell in notebook.cells:
        yield cell.source
    for cell in notebook.cells:
        for output in cell.outputs:
            yield output.text
