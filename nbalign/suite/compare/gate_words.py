"""What a gate says of one dimension: its state, and why in one or two plain sentences."""

from __future__ import annotations

from nbalign.evaluate.experiment.compare import SIGNIFICANT
from nbalign.evaluate.report.words import count, number, p_value, signed, span
from nbalign.suite.compare.gate_model import Check, State
from nbalign.suite.compare.model import MACRO, Interval, Power, Row
from nbalign.suite.compare.single import Single

_EXACT = 1e-9  # a drop of 0.2 on paper is 0.2, whatever floating point makes of it


def compared(
    row: Row, adjusted: float, max_drop: float | None, min_score: float | None, levels: tuple[int, ...]
) -> Check:
    """Checks one dimension of a comparison; the second run is the one in question.

    Args:
        row: The dimension, or the mean over all.
        adjusted: Its p-value after the correction of the gate.
        max_drop: The drop that is not allowed; None where drops are not looked at.
        min_score: The least mean; None for none.
        levels: The scale's ordinal digits.
    """
    state, said = _state(row, adjusted, max_drop, levels)
    below = _too_low(row.b.mean, min_score)
    if below and state != "regression":
        state = "too low"
    return Check(
        dimension=row.dimension,
        title=row.title,
        state=state,
        sentence=" ".join(filter(None, [said, below, _na(row)])),
        mean=row.b.mean,
        baseline=row.a.mean,
        change=row.judged,
        true=row.true,
        adjusted=adjusted,
        power=row.power,
    )


def alone(row: Single, min_score: float | None) -> Check:
    """Checks one dimension of a run without a baseline."""
    below = _too_low(row.side.mean, min_score)
    mean = row.side.mean
    state: State = "too low" if below else "pass"
    if mean is not None:
        said = below or f"Mean {number(mean.value)} ({span(mean)})."
    elif row.judged:
        said = "N/A in every case: there is no mean."
    else:
        state, said = "not judged", "No notebook was judged here."
    return Check(row.dimension, row.title, state, said, mean, None, None, row.true, 1.0, row.power)


def _state(row: Row, adjusted: float, max_drop: float | None, levels: tuple[int, ...]) -> tuple[State, str]:
    if not row.pairs or row.judged is None:
        return _nothing(row)
    if row.dimension != MACRO and row.to_na > row.a.cases / 2:
        # Else a generator passes by no longer doing what the dimension is about.
        return "not judged", f"Of {count(row.a.cases, 'case')} with a score in the baseline most are N/A now."
    change = row.judged
    interval = f"95% interval {span(change, sign=True)}"
    if max_drop is None:
        return "pass", f"Change {signed(change.value)} ({interval})."
    certain = adjusted < SIGNIFICANT
    shown = f"adjusted p {p_value(adjusted)}"
    if change.value <= -max_drop + _EXACT:
        fell = f"Drops by {number(-change.value)} levels ({interval}), and {number(max_drop)} is not allowed"
        if certain:
            return "regression", f"{fell}; chance alone hardly makes that ({shown}).{_true(row.true)}"
        return "noise", f"{fell}; but chance alone may make that ({shown}).{_enough(row.power, max_drop)}"
    if change.value < 0:
        said = f"Drops by {number(-change.value)} levels ({interval}), less than {number(max_drop)}."
    else:
        said = f"Change {signed(change.value)} ({interval})."
    # Whatever was foreseeable: where the interval rules such a drop out, it was not missed. But of so few cases that no
    # drop could ever be told, an interval says nothing: of a single case it has no width at all.
    ruled_out = change.low > (0 if _sightless(row.power) else -max_drop + _EXACT)
    if not ruled_out and _blind(row.power, max_drop):
        return "blind", f"{said} {_sees(row.power, levels)}{_enough(row.power, max_drop)}"
    return "pass", said


def _nothing(row: Row) -> tuple[State, str]:
    """Without pairs: fine where the baseline has nothing to fall behind, else a gate that did not look."""
    if row.dimension == MACRO:
        return "not judged", "No dimension has a case with a score in both runs."
    if not row.a.cases and any(row.a.counts.values()) and any(row.b.counts.values()):
        return "pass", "N/A in every case of the baseline: there is nothing to fall behind."
    return "not judged", "No case has a score on the levels in both runs."


def _too_low(mean: Interval | None, min_score: float | None) -> str:
    if mean is None or min_score is None or mean.high >= min_score - _EXACT:
        return ""
    return f"The mean of {number(mean.value)} lies below {number(min_score)}, with its whole interval ({span(mean)})."


def _sightless(power: Power | None) -> bool:
    return power is None or power.detectable is None


def _blind(power: Power | None, max_drop: float) -> bool:
    return power is None or power.detectable is None or power.detectable > max_drop + _EXACT


def _sees(power: Power | None, levels: tuple[int, ...]) -> str:
    if power is None:
        return "One case shows no drop of any size."
    if power.detectable is None or power.detectable > levels[-1] - levels[0]:
        return f"{count(power.cases, 'case')} show no drop of any size with certainty."
    cases = count(power.cases, "case")
    return f"With {cases}, only a drop of {number(power.detectable)} or more is found four times out of five."


def _enough(power: Power | None, max_drop: float) -> str:
    if power is None or power.needed is None or power.needed <= power.cases:
        return ""
    return f" About {power.needed:,} cases would show a drop of {number(max_drop)}."


def _true(true: Interval | None) -> str:
    if true is None:
        return ""
    return f" With the judge's error in it, the true change is about {signed(true.value)} ({span(true, sign=True)})."


def _na(row: Row) -> str:
    if not row.to_na and not row.from_na:
        return ""
    moved = [f"{row.to_na} went from a score to N/A"] if row.to_na else []
    moved += [f"{row.from_na} went from N/A to a score"] if row.from_na else []
    where = "in all dimensions together " if row.dimension == MACRO else ""
    return f"Of the cases, {where}{' and '.join(moved)}: they are in no difference."
