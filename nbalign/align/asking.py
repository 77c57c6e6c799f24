"""Checks put to a loaded model, each once ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nbalign.align.checks import Check, p_yes, question
from nbalign.judge.opened import OpenJudge
from nbalign.judge.probing import Probe, Tally
from nbalign.judge.reading import Reading


def ask_checks(
    opened: OpenJudge, reading: Reading, checks: Mapping[str, Sequence[Check]]
) -> tuple[dict[str, dict[str, float]], Tally, list[Probe]]:
    """Asks checks about one notebook; answers that are kept are not computed again.

    Args:
        opened: The loaded judge.
        reading: The notebook as the judge reads it.
        checks: Dimension id -> its checks.

    Returns:
        Dimension id -> check id -> probability of yes, for the dimensions that have checks; what it cost; the answers.

    Raises:
        ModelError: If the model cannot answer.
        Cancelled: After a cancel of the engine.
    """
    frame = opened.engine.info.frame
    asked = {(d, check): question(frame, check) for d, many in checks.items() for check in many}
    if not asked:
        return {}, Tally(), []
    found, tally = opened.prober.ask(reading, list(asked.values()))
    said: dict[str, dict[str, float]] = {}
    for (dimension, check), one in asked.items():
        said.setdefault(dimension, {})[check.id] = p_yes(check, found[one].probabilities)
    return said, tally, list(found.values())
