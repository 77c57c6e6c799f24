"""One finding of the doctor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "missing"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What, such as `llama.cpp`; stable, for scripts.
        state: `ok`; `warn` where nbalign works, but less well; `missing` where judging or keeping labels cannot work.
        finding: What is there, one sentence.
        advice: What to do about it; empty where there is nothing to do.
    """

    name: str
    state: State
    finding: str
    advice: str = ""


def gigabytes(size: float) -> str:
    """Bytes as people say them: `98 MB`, `1.12 GB`."""
    return f"{size / 1e6:,.0f} MB" if size < 1e9 else f"{size / 1e9:,.2f} GB"
