"""What changed from one memory to another."""

from __future__ import annotations

from dataclasses import dataclass

from nbalign.align.model import Guideline, Memory


@dataclass(frozen=True, slots=True)
class MemoryDiff:
    """The difference of two memories; false where there is none.

    Attributes:
        older: Version.
        newer: Version.
        added: Guidelines of the newer one alone.
        dropped: Guidelines of the older one alone.
        changed: (before, after) of guidelines whose text, state or sources differ.
        precedents_added: Precedents that the older one does not have so.
        precedents_dropped: Precedents that the newer one does not have so.
        calibrations: (dimension, before, after) where a calibration was switched: `on`, `off` or `none`.
    """

    older: str
    newer: str
    added: tuple[Guideline, ...]
    dropped: tuple[Guideline, ...]
    changed: tuple[tuple[Guideline, Guideline], ...]
    precedents_added: int
    precedents_dropped: int
    calibrations: tuple[tuple[str, str, str], ...]

    def __bool__(self) -> bool:
        """Whether anything differs that people can see."""
        counted = self.precedents_added or self.precedents_dropped
        return bool(self.added or self.dropped or self.changed or counted or self.calibrations)


def differences(older: Memory, newer: Memory) -> MemoryDiff:
    """Compares two memories of one rubric."""
    before, after = ({g.id: g for g in memory.guidelines} for memory in (older, newer))
    cases = set(older.precedents), set(newer.precedents)
    dimensions = sorted({*older.calibrations, *newer.calibrations})
    states = [(d, _state(older, d), _state(newer, d)) for d in dimensions]
    return MemoryDiff(
        older=older.version,
        newer=newer.version,
        added=tuple(g for ref, g in after.items() if ref not in before),
        dropped=tuple(g for ref, g in before.items() if ref not in after),
        changed=tuple((before[ref], g) for ref, g in after.items() if ref in before and before[ref] != g),
        precedents_added=len(cases[1] - cases[0]),
        precedents_dropped=len(cases[0] - cases[1]),
        calibrations=tuple(found for found in states if found[1] != found[2]),
    )


def _state(memory: Memory, dimension: str) -> str:
    calibration = memory.calibrations.get(dimension)
    return "none" if calibration is None else "on" if calibration["on"] else "off"
