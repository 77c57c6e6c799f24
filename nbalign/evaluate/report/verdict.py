"""What was compared and what it came to, in plain words: each sentence is true of the numbers beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbalign.evaluate.experiment.model import MACRO, Difference, ExperimentResult, Interval
from nbalign.evaluate.report.choose import Roles, difference, error, floor, rivals, roles, row
from nbalign.evaluate.report.words import ALPHA, count, date, line, listed, number, span, whole, with_span

_ABOUT_LABELS = re.compile(r"\b(?:labels?|labell?ed|provenance)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tile:
    """One big figure at the head of the report.

    Attributes:
        label: Whose it is.
        figure: To two decimals.
        span: Its interval; empty without one.
        part: `best`, `base`, `constant` or `raters`, for the looks.
    """

    label: str
    figure: str
    span: str
    part: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The head of a report.

    Attributes:
        compared: Two sentences: what was compared on what, and how.
        provenance: Those of the experiment's notes that are about the labels.
        headline: The verdict in one sentence.
        details: The figures behind it, one sentence each.
        tiles: The same as big figures, two to four of them; empty where nothing can be compared.
    """

    compared: tuple[str, ...]
    provenance: tuple[str, ...]
    headline: str
    details: tuple[str, ...]
    tiles: tuple[Tile, ...]


def verdict(result: ExperimentResult) -> Verdict:
    """Words and figures for the head of a report; names in them are clean lines, not yet escaped."""
    parts = roles(result)
    return Verdict(
        compared=(_compared(result), _how(result)),
        provenance=tuple(line(note, 400) for note in result.notes if _ABOUT_LABELS.search(note[:2000])),
        headline=_headline(result, parts),
        details=tuple(sentence for sentence in _details(result, parts) if sentence),
        tiles=_tiles(result, parts),
    )


def _compared(result: ExperimentResult) -> str:
    arms = f"{count(len(result.arms), 'arm')} ({listed([line(arm, 40) for arm in result.arms], 12)})"
    were = "were" if len(result.arms) > 1 else "was"
    model = f", judged by {line(result.model, 80)}" if result.model else ", without a language model"
    grouped = "" if result.grouped_by in ("", "notebook") else f" that keep each {line(result.grouped_by, 40)} together"
    return (
        f"{arms if result.arms else 'No arm'} {were} compared with the raters on "
        f"{count(len(result.folds), 'notebook')} in {count(len(result.dimensions), 'dimension')} of the rubric "
        f"{line(result.rubric, 60)}, version {result.rubric_version}{model}, "
        f"by cross-validation over {count(result.fold_count, 'fold')}{grouped}."
    )


def _how(result: ExperimentResult) -> str:
    left_out = ""
    if result.unresolved:
        scores = count(result.unresolved, "score")
        left_out = f"; {scores} on which raters disagree, and nobody has decided, {_are(result.unresolved)} left out"
    return (
        f"What an arm learned for a notebook came from the other folds alone; folds and "
        f"{count(result.bootstrap, 'bootstrap resample')} come from seed {result.seed}, and it was finished on "
        f"{date(result.at)}{left_out}."
    )


def _headline(result: ExperimentResult, parts: Roles) -> str:
    best, base = parts.best, parts.base
    if best is None:
        return "Nothing can be compared: no arm gave a level of the scale where the raters did."
    constant = error(result, parts.constant)
    found = error(result, best)
    if constant is not None and found is not None and found >= constant:
        return "No arm is nearer to the raters than always giving the median score."
    name = line(best, 40)
    if base is None:
        return f"The arm {name} is nearest to the raters."
    if best == base:
        return f"No arm is nearer to the raters than {line(base, 40)}."
    gain = difference(result, best, base)
    if gain is None:
        return f"The arm {name} is nearest to the raters; it was not compared with {line(base, 40)} pair by pair."
    if gain.significant and gain.gain.value > 0:
        return f"The arm {name} is nearest to the raters, significantly nearer than {line(base, 40)}."
    return f"The arm {name} is nearest to the raters, but not significantly nearer than {line(base, 40)}."


def _details(result: ExperimentResult, parts: Roles) -> list[str]:
    if parts.best is None:
        return []
    return [
        _distance(result, parts),
        _floor(result),
        _gain(difference(result, parts.best, parts.base)),
        _by_dimension(result, parts.best, parts.base),
        _caution(result, parts.best),
    ]


def _distance(result: ExperimentResult, parts: Roles) -> str:
    best = row(result, parts.best)
    assert best is not None and best.mae is not None and parts.best is not None
    others = []
    for arm, called in ((parts.base, line(parts.base or "", 40)), (parts.constant, "always giving the median")):
        other = row(result, arm)
        if arm not in (None, parts.best) and other is not None and other.mae is not None:
            others.append(f"{with_span(other.mae)} for {called}")
    against = f", against {listed(others)}" if others else ""
    return (
        f"Over {count(best.ordinal, 'pair')} of scores, every dimension with the same weight, "
        f"{line(parts.best, 40)} is {number(best.mae.value)} off on average (mean absolute error, MAE; "
        f"95% interval {span(best.mae)}){against}."
    )


def _floor(result: ExperimentResult) -> str:
    raters = floor(result)
    if raters is None or raters.mae is None:
        return "No notebook was scored by two raters, so how far raters are from each other is unknown."
    return f"Raters are {with_span(raters.mae)} apart from each other: the noise floor of these labels."


def _gain(gain: Difference | None) -> str:
    if gain is None:
        return ""
    word = "nearer to the raters than" if gain.gain.value >= 0 else "farther from them than"
    size = _positive(gain.gain)
    arms = f"{line(gain.arm, 40)} is {with_span(size)} {word} {line(gain.against, 40)}"
    return f"Pair by pair, where both gave a score, {arms}."


def _positive(gain: Interval) -> Interval:
    """The same interval seen from the side on which its value is not negative."""
    return gain if gain.value >= 0 else Interval(-gain.value, -gain.high, -gain.low)


def _by_dimension(result: ExperimentResult, best: str, base: str | None) -> str:
    titles = dict(result.dimensions)
    made = [d for d in result.differences if (d.arm, d.against) == (best, base) and d.dimension != MACRO]
    if not made:
        return ""
    better = [line(titles.get(d.dimension, d.dimension), 60) for d in made if d.significant and d.gain.value > 0]
    worse = [line(titles.get(d.dimension, d.dimension), 60) for d in made if d.significant and d.gain.value < 0]
    rest = len(made) - len(better) - len(worse)
    of = f"Of {count(len(made), 'dimension')}" if len(made) > 1 else "Of the one dimension compared"
    text = (
        f"{of}, {line(best, 40)} is significantly better than {line(made[0].against, 40)} in {_named(better)} and "
        f"significantly worse in {_named(worse)}"
    )
    return f"{text}; in {rest} the labels are too few to tell." if rest else f"{text}."


def _caution(result: ExperimentResult, best: str) -> str:
    compared = {(one.arm, one.against) for one in result.differences}
    text = ""
    if compared:
        many = "1 pair of arms was" if len(compared) == 1 else f"{whole(len(compared))} pairs of arms were"
        text = (
            f"Significant means p below {ALPHA} in a paired bootstrap after Holm's correction over the dimensions of "
            f"one pair of arms; {many} compared, and no correction is made over those. "
        )
    learned = len(rivals(result))
    if learned > 1:
        text += (
            f"The arm {line(best, 40)} was picked as the best of {learned} arms by these same figures, so expect it to "
            "be a little less good on new notebooks."
        )
    return text.strip()


def _tiles(result: ExperimentResult, parts: Roles) -> tuple[Tile, ...]:
    if parts.best is None:
        return ()
    asked = [(parts.best, "best", line(parts.best, 24))]
    if parts.base is not None and parts.base != parts.best:
        asked.append((parts.base, "base", line(parts.base, 24)))
    if parts.constant is not None:
        asked.append((parts.constant, "constant", "always the median"))
    tiles = []
    for arm, part, label in asked:
        found = row(result, arm)
        if found is not None and found.mae is not None:
            tiles.append(Tile(label, number(found.mae.value), span(found.mae), part))
    raters = floor(result)
    if raters is not None and raters.mae is not None:
        tiles.append(Tile("between raters", number(raters.mae.value), span(raters.mae), "raters"))
    return tuple(tiles)


def _named(titles: list[str]) -> str:
    return f"{len(titles)} ({listed(titles)})" if titles else "none"


def _are(n: int) -> str:
    return "is" if n == 1 else "are"
