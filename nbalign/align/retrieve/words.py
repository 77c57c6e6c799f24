"""Text and code taken apart into words, and words cut down to stems."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 40  # characters; what is longer is data, not a word
_PIECES = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Longest first. What is left after a cut keeps at least three letters, so that `used` becomes `use` and `is` stays.
_ENDINGS = """isations izations isation ization ising izing ised ized iser izer ises izes ise ize ations ation ators
ator ated ating ates ate ings ing ers er ed es s e ions ion ments ment ly ies y"""
_SUFFIXES = tuple(sorted(_ENDINGS.split(), key=lambda suffix: (-len(suffix), suffix)))
_LEAST = 3


def words(text: str) -> list[str]:
    """The words of a text in lower case; `SimpleImputer` and `simple_imputer` are two words each, digits are none.

    Args:
        text: Code, prose or output; its length is for the caller to bound.
    """
    found = []
    for piece in _PIECES.findall(text):
        for word in _CAMEL.split(piece) if not piece.islower() else (piece,):
            if 2 <= len(word) <= LONGEST:
                found.append(word.lower())
    return found


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A word without its ending: `impute`, `imputed`, `imputer` and `imputation` become one.

    Light on purpose: it needs only to bring together words of one family, mistakes cost little, and words of other
    languages pass almost unchanged.

    Args:
        word: In lower case.
    """
    if word.endswith("ss"):
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _LEAST:
            word = word[: -len(suffix)]
            break
    if len(word) > _LEAST and word[-1] == word[-2] and word[-1] not in "aeiouslf":  # `split` out of `splitting`
        word = word[:-1]
    return word
