"""From labelled views to a fitted calibration that is used only where it is proved to help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from nbalign.align.calibrate.families import BLOCKS, na_probability, read_raw
from nbalign.align.calibrate.fitted import Fitted, Signal
from nbalign.align.calibrate.gate import LEAST, Proof, prove
from nbalign.align.calibrate.line import Line, Sample, learn, make_sample
from nbalign.align.calibrate.model import Taught
from nbalign.align.calibrate.spread import least_error
from nbalign.errors import UsageError
from nbalign.rubrics.model import Scale

_LEAST_NA = 2  # N/A, and likewise scores, below which N/A is not fitted


def fit(taught: Sequence[Taught], scale: Scale, blocks: Sequence[str]) -> Fitted:
    """Fits a calibration of one dimension.

    The score is told by a line over the blocks' features: an average of kernel ridge fits that start from the judge,
    from the rule or from nothing, weighted by how well each explains the labels (`mixture`). N/A is told by a line of
    its own and never averaged with scores. Each line is used only where five-fold cross-validation within `taught`
    says that it is better than what would be used otherwise: the judge's own answer, or the constant where no judge
    is among the blocks. The result does not depend on the order of `taught`, beyond rounding.

    Args:
        taught: Training examples of one dimension, one a notebook. Nothing held out may be among them, and what
            precedents say in their views must not come from their own labels.
        scale: The scale; scores that are not on it teach nothing.
        blocks: Names out of `BLOCKS` that may be used.

    Raises:
        UsageError: If a block is not known.
    """
    strange = sorted(set(blocks) - set(BLOCKS))
    if strange:
        raise UsageError(f"there is no block {strange[0]!r} to calibrate with", f"Blocks are {', '.join(BLOCKS)}.")
    wanted = tuple(block for block in BLOCKS if block in blocks)
    all_taught = sorted((e for e in taught if e.score in scale.values), key=lambda e: (e.view.notebook, e.score))
    scored = [example for example in all_taught if example.score != scale.not_applicable]
    ordinal, said = _ordinal(scored, scale, wanted)
    na, said_na = _na(all_taught, scale, wanted)
    signals = _signals(all_taught, scale, wanted)
    judge = signals.get("judge")
    if na is None and judge is not None and judge.doubted:
        said_na = f"The judge's N/A is not believed: raters agreed with {judge.right} of {judge.fired}."
    return Fitted(
        scale=Scale({value: str(value) for value in scale.values}, scale.not_applicable),
        wanted=wanted,
        why=f"{said} {said_na}".strip(),
        ordinal=ordinal,
        na=na,
        frequencies=dict(sorted(Counter(example.score for example in all_taught).items())),
        signals=signals,
    )


def _ordinal(scored: list[Taught], scale: Scale, wanted: tuple[str, ...]) -> tuple[Line | None, str]:
    judged = "judged" in wanted and any(example.view.judged is not None for example in scored)
    instead = "the judge's own score" if judged else "the constant"
    if len(scored) < LEAST:
        return None, f"Too few scored examples to learn from ({len(scored)}; {LEAST} are needed): {instead} is used."
    if not judged and len({example.score for example in scored}) == 1:
        return None, "All examples have the same score: the constant is used."
    sample = make_sample(scored, read_raw(scored, wanted, scale), scale, wanted, na=False)
    judge = np.array([_judge_level(example, scale) for example in scored]) if judged else np.full(len(scored), np.nan)
    proof = prove(sample, [example.view.notebook for example in scored], judge, na=False)
    if not proof.on:
        return None, f"Not used: {_figures(proof, instead, len(scored))}; {instead} stands."
    return learn(sample, np.arange(len(scored)), na=False).trimmed(), f"Used: {_figures(proof, instead, len(scored))}."


def _figures(proof: Proof, instead: str, n: int) -> str:
    return (
        f"cross-validated within the {n} training examples the mean absolute error is {proof.fitted:.2f} with it and "
        f"{proof.otherwise:.2f} with {instead}"
    )


def _judge_level(example: Taught, scale: Scale) -> float:
    judged = example.view.judged
    if judged is None:
        return float("nan")
    levels = tuple(float(level) for level in scale.levels)
    own = np.array([max(judged.get(level, 0.0), 0.0) for level in scale.levels])
    return levels[least_error(own, levels)] if own.sum() > 0 else float("nan")


def _na(taught: list[Taught], scale: Scale, wanted: tuple[str, ...]) -> tuple[Line | None, str]:
    if scale.not_applicable is None:
        return None, ""
    told = sum(1 for example in taught if example.score == scale.not_applicable)
    if min(told, len(taught) - told) < _LEAST_NA or len(taught) < LEAST:
        return None, ""
    sample: Sample = make_sample(taught, read_raw(taught, wanted, scale), scale, wanted, na=True)
    judge = [0.0 if e.view.judged is None else na_probability(e.view.judged, scale) for e in taught]
    says = np.array([float("judged" in wanted and p >= 0.5) for p in judge])
    proof = prove(sample, [example.view.notebook for example in taught], says, na=True)
    if not proof.on:
        return None, ""
    return learn(sample, np.arange(len(taught)), na=True).trimmed(), (
        f"N/A is fitted: it is wrong for {proof.fitted:.0%} of the training examples with it and "
        f"{proof.otherwise:.0%} without."
    )


def _signals(taught: list[Taught], scale: Scale, wanted: tuple[str, ...]) -> dict[str, Signal]:
    if scale.not_applicable is None:
        return {}
    signals = {}
    for name, block in (("rule", "facts"), ("judge", "judged")):
        if block not in wanted:
            continue
        fired = [e for e in taught if _fires(name, e, scale)]
        signals[name] = Signal(len(fired), sum(1 for e in fired if e.score == scale.not_applicable))
    return signals


def _fires(name: str, example: Taught, scale: Scale) -> bool:
    view = example.view
    if name == "rule":
        return view.rule_na
    return view.judged is not None and na_probability(view.judged, scale) >= 0.5
