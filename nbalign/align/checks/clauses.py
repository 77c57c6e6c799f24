"""The parts of a description that can be true or false by themselves: what a level says, clause by clause.

No grammar of English is built here. A description is cut at the marks its author set (full stops, semicolons, and
commas outside brackets), and what cannot stand by itself goes back to its neighbour. A clause that is only a noun
phrase ("a random split of a time series") is welcome: the question asked of it works for phrases and sentences alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate

from rapidfuzz import fuzz

from nbalign.notebooks.sanitise import clean_line

MOST_WORDS = 18  # of a clause: the words of the question around it come on top
_LONGEST = 4000  # characters of a description that are looked at
_MOST = 40  # clauses of a description
_FEWEST = 3  # words: fewer say nothing by themselves, unless they begin with "no"
_FEWEST_HALF = 4  # words of a clause that "and" or "or" is cut into: "encoders or scalers" is no clause
_NEAR = 88  # of 100: clauses this alike ask the same; levels differ by a word of each other more than this

# Ends of sentences, and not of "e.g.", "3.5" or "model.fit".
_SENTENCE = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\bvs)(?<!\betc)(?<!\bno)(?<!\bDr)[.!?](?=\s|$)|[;|]")
_COMMA = re.compile(r",(?=\s)")  # not the one in 10,000
_JOINTS = re.compile(r"\s+(?:and|or)\s+(?=\S+\s+\S+\s+\S+\s+\S)")
_LINK = re.compile(r"^(?:and|or|but|nor|then|also|as well as|plus)\s+", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[-*•–—:>]+\s*|\(?\d{1,2}[.)]\s+)")
# With one of these a piece depends on what stands before it.
_DEPENDENT = re.compile(
    r"^(?:which|that|who|whose|such|including|for (?:instance|example)|e\.g|i\.e|namely|so|with|where|when|if|as|"
    r"because|unless|since|while|though|although|especially|rather|than|thus|hence|etc|per|like|even|only|"
    r"at|on|in|of|for|from|by|to|into|between|among|over|under|through|are|is|was|were|has|have|had|does|do|can)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:no|not|none|never|nothing|nor|neither|without|lacks?|lacking|missing|absent|\w+n't)\b")
_BARE_NO = re.compile(r"^(?:no|not|never|nothing|without)\b", re.IGNORECASE)
_WORD = re.compile(r"[\w'’-]+")


def clauses(text: str) -> list[str]:
    """Cuts a description into clauses of at most `MOST_WORDS` words, in order, near-duplicates left out.

    Args:
        text: A description in one or more sentences; control characters and line breaks do no harm. Only its first
            4,000 characters are looked at.

    Returns:
        At most 40 clauses without an end mark, each one line; empty where the text says nothing.
    """
    found: list[str] = []
    for sentence in _sentences(clean_line(text, _LONGEST)):
        for clause in _merged(_cut(sentence, _COMMA)):
            found += _bounded(clause)
    return _distinct(found[:_MOST])


def _distinct(texts: Iterable[str]) -> list[str]:
    """The texts of which none before says nearly the same; the first of its like stays."""
    kept: list[str] = []
    for text in texts:
        if not any(alike(text, other) for other in kept):
            kept.append(text)
    return kept


def alike(a: str, b: str) -> bool:
    """Whether two short texts ask nearly the same, whatever the order of their words.

    Texts of which one denies what the other says, or which name different numbers, are never alike.
    """
    a, b = a.casefold(), b.casefold()
    if bool(_DENIES.search(a)) != bool(_DENIES.search(b)) or re.findall(r"\d+", a) != re.findall(r"\d+", b):
        return False
    return fuzz.token_sort_ratio(a, b) >= _NEAR


def _words(text: str) -> int:
    """Words of a text; a hyphen or an apostrophe does not divide one."""
    return len(text.split())


def _sentences(text: str) -> list[str]:
    return [part for sentence in _cut(text, _SENTENCE) if (part := _BULLET.sub("", sentence))]


def _cut(text: str, mark: re.Pattern[str]) -> list[str]:
    """The text cut at its marks, those between brackets left alone where all brackets are closed."""
    depths = list(accumulate((sign in "([") - (sign in ")]") for sign in text))
    closed = bool(depths) and depths[-1] == 0 and min(depths) == 0
    pieces, start = [], 0
    for match in mark.finditer(text):
        if not (closed and depths[match.start()]):
            pieces.append(text[start : match.start()])
            start = match.end()
    pieces.append(text[start:])
    return [piece for piece in (p.strip() for p in pieces) if piece]


def _merged(pieces: Iterable[str]) -> list[str]:
    """Puts pieces that cannot stand by themselves back to the one before them."""
    found: list[str] = []
    for piece in pieces:
        bare = _LINK.sub("", piece)
        if found and not _stands(bare):
            found[-1] = f"{found[-1]}, {piece}"
        else:
            found.append(bare)
    if len(found) > 1 and not _stands(found[0]):
        found[:2] = [f"{found[0]}, {found[1]}"]
    return found


def _stands(piece: str) -> bool:
    if _DEPENDENT.match(piece):
        return False
    return _words(piece) >= _FEWEST or (_words(piece) > 1 and bool(_BARE_NO.match(piece)))


def _bounded(clause: str) -> list[str]:
    """The clause within its bound: what stands in brackets goes first, then it is halved where it says and/or."""
    plain = _without_brackets(clause)
    if _words(plain) < _FEWEST and not _BARE_NO.match(plain):
        plain = clause  # `Leakage (values learned on the test rows)`: here the brackets say it
    plain = plain.strip(" .,:;-–—\"'“”`")
    if not _WORD.search(plain):
        return []
    if _words(plain) <= MOST_WORDS:
        return [plain]
    joints = [m for m in _JOINTS.finditer(plain) if _words(plain[: m.start()]) >= _FEWEST_HALF]
    if joints:
        middle = min(joints, key=lambda m: abs(_words(plain[: m.start()]) - _words(plain[m.end() :])))
        return [*_bounded(plain[: middle.start()]), *_bounded(plain[middle.end() :])]
    return [" ".join(plain.split()[:MOST_WORDS]).rstrip(",") + " …"]


def _without_brackets(text: str) -> str:
    """The text without what stands in round brackets; a bracket that is never closed is kept."""
    if text.count("(") != text.count(")"):
        return text
    kept, depth = [], 0
    for sign in text:
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if depth < 0:
                return text
        elif depth == 0:
            kept.append(sign)
    return re.sub(r" +(?=[,.;:]|$)", "", re.sub(r"\s+", " ", "".join(kept)))
