"""A guideline taken apart into what to look for and the score that it leads to.

"A scaler fitted before the split is a 1" is an instruction to a grader. As a question to a model, only "a scaler fitted
before the split" is wanted; the score says which answer speaks for the material.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbalign.notebooks.sanitise import clean_line
from nbalign.rubrics.model import Scale

_LONGEST = 400  # characters of a guideline that are looked at; its own bound is 240

_BOUND = r"(?P<bound>at (?:most|best|least)|no (?:more|higher|better|less|lower) than|only|up to|below|above)?"
_SCORE = (
    rf"(?:only\s+)?{_BOUND}\s*(?:an?\s+|the\s+)?(?:score|grade|mark|level)?\s*(?:of\s+)?[\"'(]?(?P<score>\d)[\"')]?"
    r"(?P<after>\s+(?:or (?:lower|less|below|higher|more|above)|at (?:most|best|least)))?"
)
_GIVE = r"(?:please\s+)?(?P<no>(?:do not|don't|never)\s+)?(?:score|grade|rate|give|award|assign|mark)"
_WHOM = r"(?:(?:it|this|them|the \w+|an? \w+|notebooks?)\s+)?(?:as\s+)?"
_VERB = (
    r"(?:is|are|means?|gets?|scores?|deserves?|earns?|makes?(?: it)?|leads? to|warrants?|results? in|receives?|"
    r"(?:is|are) (?:worth|graded|scored|rated)|justif(?:y|ies)|keeps? (?:it|a \w+|the score) (?:at|to|below|from)|"
    r"(?:should|must|can|may|could|will) (?:be|get|score|lead to|receive|mean|earn|be scored|be graded)|"
    r"(?P<no>(?:can ?not|can't|should not|must not|may not|does not|do not|never|is not|are not|isn't|is never)"
    r"(?: (?:be|gets?|scores?|deserves?|earns?|receives?|lead to|worth))?)|:|=|=>|->|→|[-–—])"
)
_GIVE_IF = re.compile(
    rf"^{_GIVE}\s+{_WHOM}{_SCORE}[,:]?\s*(?:points?\s+)?(?:only\s+)?(?P<link>if|when|where|for|to|unless|whenever)\s+"
    r"(?P<rest>.+)$",
    re.IGNORECASE,
)
_IF_GIVE = re.compile(
    rf"^(?P<link>if|when|where|whenever|unless)\s+(?P<rest>.+?)(?:,\s*(?:then\s+)?|\s+then\s+){_GIVE}\s+{_WHOM}"
    rf"{_SCORE}\W*$",
    re.IGNORECASE,
)
_IF_IS = re.compile(
    rf"^(?P<link>if|when|where|whenever|unless)\s+(?P<rest>.+?)(?:,\s*(?:then\s+)?|\s+then\s+)"
    rf"(?:it|this|that|the (?:score|grade|notebook))\s+{_VERB}\s*{_SCORE}\W*$",
    re.IGNORECASE,
)
_IS = re.compile(rf"^(?P<rest>.+?),?\s+{_VERB}\s*{_SCORE}\W*$", re.IGNORECASE)
_COLON_IS = re.compile(rf"^(?P<rest>.+?)[:,]\s*{_SCORE}\W*$", re.IGNORECASE)
_FOR_A = re.compile(
    r"^(?P<rest>.+?)(?P<no>,?\s+(?:is|are)(?:n't| not) (?:good )?(?:enough|sufficient))?\s+for\s+(?:an?\s+)?"
    rf"{_SCORE}\W*$",
    re.IGNORECASE,
)
_HEAD = re.compile(r"^(?:an?\s+)?(?:score\s+)?(?P<score>\d)\s*(?::|=|-|–|—|if|when|for)\s*(?P<rest>.+)$", re.IGNORECASE)
_TAIL = re.compile(r"^(?P<rest>.+?)\s*[(\[](?:score|grade)?\s*[:=]?\s*(?P<score>\d)[)\]]\W*$", re.IGNORECASE)
_FORMS = (_GIVE_IF, _IF_GIVE, _IF_IS, _TAIL, _IS, _FOR_A, _COLON_IS, _HEAD)
_LOW = re.compile(r"at (?:most|best)|no (?:more|higher|better)|only|up to|below|or (?:lower|less|below)", re.IGNORECASE)
_HIGH = re.compile(r"at least|no (?:less|lower)|above|or (?:higher|more|above)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """What a guideline looks for.

    Attributes:
        text: What to look for, one line; the whole guideline where no score was found in it.
        good: Whether meeting it speaks for the material; None where the guideline does not say.
    """

    text: str
    good: bool | None


def condition(guideline: str, scale: Scale) -> Condition:
    """Takes a guideline apart.

    Args:
        guideline: One sentence, such as "Give at most 2 where no baseline is there".
        scale: Says which scores are high; a digit that is none of its levels is no score.

    Returns:
        What to look for; a score in the middle of the scale, or N/A, leaves `good` open.
    """
    text = clean_line(guideline, _LONGEST).strip(" .")
    for form in _FORMS:
        match = form.match(text)
        if match is None or int(match["score"]) not in scale.values:
            continue
        rest = match["rest"].strip(" ,;:.-–—")
        if rest:
            return Condition(rest, _side(match.groupdict(), scale))
    return Condition(text, None)


def _side(parts: dict[str, str | None], scale: Scale) -> bool | None:
    """True where the score that was named is high, after what its bound and its denial make of it."""
    score, levels = int(parts["score"] or 0), scale.levels
    if score == scale.not_applicable:
        return None
    bound = f"{parts.get('bound') or ''} {parts.get('after') or ''}"
    middle = (levels[0] + levels[-1]) / 2
    if _LOW.search(bound):
        side = False if score < levels[-1] else None
    elif _HIGH.search(bound):
        side = True if score > levels[0] else None
    else:
        side = None if score == middle else score > middle
    turned = bool(parts.get("no")) != ((parts.get("link") or "").lower() == "unless")
    return (not side) if turned and side is not None else side
