"""Whether the task prompt asks to leave tracking out."""

from __future__ import annotations

import re

_THING = (
    r"(?:experiment[- ]?tracking|tracking(?! (?:number|id|code|data|info))|ml\s?flow|experiment logging|"
    r"run logging|logging)"
)
_UNWANTED = re.compile(
    rf"\b(?:no|without|skip|omit|avoid|leave out|don'?t (?:need|want|use|do|add|set up|bother with)|"
    rf"do not (?:need|want|use|do|add|set up)|not (?:need|use|do)|never use|needn'?t)\s+(?:any\s+|to\s+|the\s+|an?\s+)?"
    rf"(?:(?:use|do|add|set up|log to|bother with)\s+(?:any\s+)?)?{_THING}\b|"
    rf"\b{_THING}\s+(?:is|are)\s+(?:not|n't|un)\s?(?:needed|required|wanted|necessary)|"
    r"\b(?:don'?t|do not) (?:track|log)\b.{0,40}\b(?:experiments?|runs?|mlflow)|\buntracked\b",
    re.IGNORECASE,
)


def asks_for_no_tracking(prompt: str) -> str:
    """The words by which a prompt asks for no tracking; empty when it does not."""
    found = _UNWANTED.search(prompt[:4000])
    return " ".join(found.group(0).split()) if found else ""
