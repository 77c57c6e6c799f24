"""What a comparison and a board come to, in words: the same on the terminal, in a page and in JSON."""

from __future__ import annotations

from nbalign.evaluate.report.words import count, line, listed, number, signed, span
from nbalign.suite.compare.board import Board
from nbalign.suite.compare.climb import traded
from nbalign.suite.compare.model import Comparison, Row


def verdict(found: Comparison) -> tuple[str, ...]:
    """The outcome first, then what each dimension gained or paid, then how far that can be trusted.

    Returns:
        Plain sentences, at least one.
    """
    a, b = line(found.a.name, 60), line(found.b.name, 60)
    whole = found.macro if len(found.rows) > 1 else found.rows[0]
    over = "over all dimensions" if len(found.rows) > 1 else f"in {line(whole.title, 60)}"
    if whole.judged is None:
        return (f"No case has a score on the levels in both {a} and {b}.",)
    change = whole.judged
    figures = f"{signed(change.value)} levels {over} (95% interval {span(change, sign=True)})"
    if whole.significant:
        word = "higher" if change.value > 0 else "lower"
        said = [f"{b} is judged {word} than {a}: {figures}, more than chance explains."]
    else:
        said = [f"{b} and {a} are not told apart: {figures}."]
    if len(found.rows) > 1:
        said.append(f"{b} {traded(found)}." if any(row.significant for row in found.rows) else _nothing(found))
    if whole.true is not None:
        # Rounded as it is shown: an interval that reads as touching 0 does.
        sure = whole.true.low > 0 or whole.true.high < 0
        said.append(
            f"With the judge's error in it, the true difference is expected at {signed(whole.true.value)} "
            f"({span(whole.true, sign=True)}){'' if sure else ', which may be none or of the other sign'}."
        )
    sight = _sight(found)
    if sight:
        said.append(sight)
    return tuple(said)


def outcome(row: Row) -> str:
    """`higher`, `lower`, `not told apart`, or `–` where there is nothing to compare."""
    if row.judged is None:
        return "–"
    if not row.significant:
        return "not told apart"
    return "higher" if row.judged.value > 0 else "lower"


def standing(found: Board) -> tuple[str, ...]:
    """Who is ahead, and of whom that can be said."""
    first = found.places[0]
    name = line(first.run.name, 60)
    if first.mean is None:
        return ("No dimension has a score in all of these runs.",)
    if found.best is not None:
        return (f"{name} is the best of these {len(found.places)}: ahead of every other by more than chance explains.",)
    close = [line(place.run.name, 60) for place in found.places[1:] if not place.distinguishable]
    said = [f"{name} has the highest mean, but chance may explain its lead on {listed(close)}: no best is claimed."]
    far = [line(place.run.name, 60) for place in found.places[1:] if place.distinguishable]
    if far:
        said.append(f"It is distinguishably ahead of {listed(far)}.")
    return tuple(said)


def _nothing(found: Comparison) -> str:
    moved = traded(found)
    return f"{moved[0].upper()}{moved[1:]}."


def _sight(found: Comparison) -> str:
    """What the comparison could have seen in the dimension it sees worst."""
    known = [(row.power, row) for row in found.rows if row.power is not None and row.power.detectable is not None]
    if not known:
        cases = len(found.cases)
        return (
            f"{count(cases, 'case')} {'is' if cases == 1 else 'are'} too few to tell a change of any size from chance."
        )
    figures = sorted((power.detectable or 0.0, row.title) for power, row in known)
    (least, _), (most, worst) = figures[0], figures[-1]
    if len(figures) == 1:
        return f"{count(len(found.cases), 'case')} show a change of {number(most)} levels four times out of five."
    return (
        f"In one dimension alone, {count(len(found.cases), 'case')} show a change of {number(least)} to {number(most)} "
        f"levels four times out of five (least well in {line(worst, 60)})."
    )
