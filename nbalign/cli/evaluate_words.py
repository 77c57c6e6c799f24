"""What stands around the tables of an experiment: what marks and letters mean, cost, notes, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nbalign.cli.evaluate_layout import letters, wrapped

if TYPE_CHECKING:
    from nbalign.evaluate.experiment.model import ExperimentResult

BEST, BETTER, WORSE = "▸", "*", "▼"
_MOST_NOTES = 12
YARDSTICKS = (
    "Over all dimensions. bias: arm minus raters. exact: equal scores. QWK: quadratic weighted kappa. N/A: both / arm "
    "only / raters only."
)
PARTIAL = " (…): a mean over fewer dimensions than that of other arms; compare gains instead."
GAINS = (
    "gain: MAE of the arm against minus that of the arm, on what both scored. p: of no gain over all dimensions. "
    "better, worse: in how many dimensions, significantly."
)


def legend(result: ExperimentResult) -> str:
    """What the table of errors shows and what its marks mean."""
    from nbalign.evaluate.report.choose import roles
    from nbalign.evaluate.report.words import line

    parts = roles(result)
    levels = f"{result.levels[0]} to {result.levels[-1]}" if result.levels else "on the levels"
    told = [
        f"MAE: mean distance from the raters' settled score. n: scored {levels} by the raters. {BEST} nearest.",
        f"{BETTER} better, {WORSE} worse than {line(parts.base, 40)} (p < 0.05 after Holm's correction)."
        if parts.base is not None
        else "",
        "const: always the median of the training folds." if parts.constant is not None else "",
        "raters: MAE between raters, the noise floor. mean: every dimension counts the same.",
    ]
    return " ".join(sentence for sentence in told if sentence)


def key(arms: Sequence[str], width: int) -> str:
    """Which letter is which arm, and what that arm is."""
    from nbalign.evaluate.experiment.options import MEANINGS
    from nbalign.evaluate.report.words import line

    said = [f"{letter}: {line(arm, 40)}" for letter, arm in zip(letters(len(arms)), arms, strict=True)]
    return "\n".join(
        line(f"{name}, {MEANINGS[arm]}" if arm in MEANINGS else name, width)
        for name, arm in zip(said, arms, strict=True)
    )


def notes(result: ExperimentResult, width: int) -> str:
    """The experiment's own notes, the first twelve."""
    from nbalign.evaluate.report.words import line

    shown = [f"note: {line(note, 400)}" for note in result.notes[:_MOST_NOTES]]
    if len(result.notes) > _MOST_NOTES:
        shown.append(f"note: {len(result.notes) - _MOST_NOTES} more notes are in the JSON")
    return "\n".join(wrapped(each, width, "  ") for each in shown)


def cost(result: ExperimentResult) -> str:
    """Tokens and time in one line; empty where no model was asked."""
    from nbalign.evaluate.report.words import duration, whole

    if not result.costs:
        return ""
    evaluated, saved, written = (
        sum(getattr(each, name) for each in result.costs) for name in ("evaluated", "saved", "generated")
    )
    ever, seconds_ever = sum(c.evaluated_ever for c in result.costs), sum(c.seconds_ever for c in result.costs)
    return (
        f"tokens: {whole(evaluated)} evaluated and {whole(written)} written in "
        f"{duration(sum(each.seconds for each in result.costs))}, {whole(saved)} saved by shared prefixes and kept "
        f"answers; behind all answers, whenever they were computed: {whole(ever)} in {duration(seconds_ever)}"
    )


def next_steps(result: ExperimentResult) -> list[str]:
    """What to do after an experiment, one plain sentence each, the most useful first."""
    from nbalign.evaluate.report.choose import difference, error, floor, roles
    from nbalign.evaluate.report.words import count

    steps = []
    if result.unresolved:
        steps.append(f"decide the {count(result.unresolved, 'score')} on which raters disagree, in nbalign tui")
    if apart := sum(not each.decided for each in result.noise):
        them = "them" if apart > 1 else "it"
        cases = f"{count(apart, 'case')} with raters more than half of the scale apart"
        steps.append(f"{cases}: settle {them} before aligning")
    parts = roles(result)
    best, raters = error(result, parts.best), floor(result)
    gain = difference(result, parts.best, parts.base)
    if gain is not None and gain.significant and gain.gain.value > 0:
        steps.append("align the judge with all labels: nbalign align")
    elif best is not None:
        steps.append("label more notebooks, above all where the error is largest, and write down why")
    if raters is None or raters.mae is None:
        steps.append("let a second rater score some notebooks, so that the noise floor is known")
    elif best is not None and best <= raters.mae.value:
        steps.append("clearer labels: the best arm is as near to the raters already as they are to each other")
    return steps
