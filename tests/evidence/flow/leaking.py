"""Notebooks with a known leak, for tests: what leaks, and what the reading says leaks."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

from nbalign.evidence.code import read_code
from nbalign.evidence.facts.reading.leaks import leaks
from nbalign.evidence.flow import read_flow
from nbalign.evidence.flow.event import Event
from nbalign.evidence.flow.trace import Trace
from tests.evidence.building import notebook

_MARK = "# %%\n"


@dataclass(frozen=True)
class Leak:
    """One notebook and what leaks in it.

    Attributes:
        name: What the test is called.
        found: What is learned from rows that are tested on, as `scale StandardScaler`; encodings of categories, which
            give away next to nothing, are left out unless they are named.
        source: Its code cells, parted by `# %%`.
    """

    name: str
    found: set[str]
    source: str


def trace_of(source: str) -> Trace:
    """The reading of a notebook whose code cells are parted by `# %%`."""
    return read_flow(read_code(notebook(*dedent(source).strip().split(_MARK))), strict=True)


def leaks_of(source: str) -> dict[str, Event]:
    """What leaks, and the first event that shows it."""
    found: dict[str, Event] = {}
    for learned, event in leaks(trace_of(source)).values():
        found.setdefault(f"{learned.what} {learned.how}", event)
    return found


def told(case: Leak) -> set[str]:
    """What the reading says leaks, without the encodings that are not asked for."""
    return {text for text in leaks_of(case.source) if text in case.found or not text.startswith("encode ")}
