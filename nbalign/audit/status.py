"""Judges on random picks: their error by dimension and over time, beside what cross-validation promised."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from nbalign.audit.errors import estimate, promised_macro, worse
from nbalign.audit.model import ErrorRow, JudgeAudit, Pick, Promise, Round
from nbalign.evaluate.experiment.bootstrap import RESAMPLES
from nbalign.evaluate.experiment.model import MACRO
from nbalign.evaluate.scored import Key, Scored, latest
from nbalign.rubrics.model import Rubric


@dataclass(frozen=True, slots=True)
class Judged:
    """One judge as an audit takes it.

    Attributes:
        name: Its name.
        memory: Its memory version; empty for an unaligned one.
        scores: Everything it scored under the rubric.
        learned: Content hashes of the notebooks that its memory learned from.
        promise: What cross-validation said of it.
    """

    name: str
    memory: str
    scores: Sequence[Scored]
    learned: Collection[str]
    promise: Promise | None


def audit(
    rubric: Rubric,
    judged: Judged,
    picks: Sequence[Pick],
    truth: Mapping[Key, int | None],
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> JudgeAudit:
    """The error of one judge, from random picks alone; `nbalign.audit.errors` says why and how.

    Args:
        rubric: The rubric.
        judged: The judge.
        picks: All picks made under the rubric; those that were not random are passed over.
        truth: (notebook, dimension) -> settled score, or None where raters disagree and nobody has decided.
        resamples: Of the bootstrap.
        seed: Of the bootstrap.
    """
    scores, _ = latest(rubric, judged.scores)
    values = set(rubric.scale.values)
    ids = [dimension.id for dimension in rubric.dimensions]
    random = {pick.notebook: pick for pick in picks if pick.why == "random"}
    settled = {key: score for key, score in truth.items() if score is not None and score in values}
    pairs = {
        key: (scores[key].score, score)
        for key, score in settled.items()
        if key[0] in random and key in scores and key[0] not in judged.learned
    }
    labelled = {notebook for notebook, _ in pairs}
    weights = {notebook: random[notebook].weight for notebook in labelled}
    levels = set(rubric.scale.levels)
    signed = {key: float(a - b) for key, (a, b) in pairs.items() if {a, b} <= levels}
    sizes = {key: abs(value) for key, value in signed.items()}
    errors = estimate(sizes, weights, ids, resamples, seed)
    bias = {d: _mean(signed, weights, d) for d in ids}
    promised = dict(judged.promise.mae) if judged.promise else {}
    rows = []
    for d in ids:
        here = {key[0]: pair for key, pair in pairs.items() if key[1] == d}
        na = rubric.scale.not_applicable
        scored = sum(key[1] == d for key in sizes)
        rows.append(
            ErrorRow(
                dimension=d,
                notebooks=len(here),
                pairs=scored,
                mae=errors.of[d],
                bias=bias[d],
                na_judge_only=sum(a == na != b for a, b in here.values()),
                na_raters_only=sum(b == na != a for a, b in here.values()),
                promised=promised.get(d),
                worse=worse(errors.of[d], promised.get(d), scored),
            )
        )
    known = [d for d in ids if errors.of[d] is not None]
    expected = promised_macro(promised, known, MACRO)
    biases = [value for value in bias.values() if value is not None]
    rows.append(
        ErrorRow(
            dimension=MACRO,
            notebooks=len(labelled),
            pairs=len(sizes),
            mae=errors.macro,
            bias=math.fsum(biases) / len(biases) if biases else None,
            na_judge_only=sum(row.na_judge_only for row in rows),
            na_raters_only=sum(row.na_raters_only for row in rows),
            promised=expected,
            worse=worse(errors.macro, expected, len({notebook for notebook, _ in sizes})),
        )
    )
    return JudgeAudit(
        judge=judged.name,
        memory=judged.memory,
        judged=len({notebook for notebook, _ in scores}),
        labelled=len(labelled),
        learned=len({n for n, _ in settled} & random.keys() & set(judged.learned) & {n for n, _ in scores}),
        rows=tuple(rows),
        rounds=_rounds(random, labelled, sizes, weights, ids, resamples, seed),
        promise=judged.promise,
    )


def _rounds(
    random: Mapping[str, Pick],
    labelled: Collection[str],
    sizes: Mapping[Key, float],
    weights: Mapping[str, float],
    dimensions: Sequence[str],
    resamples: int,
    seed: int,
) -> tuple[Round, ...]:
    found = []
    for at in sorted({pick.at for pick in random.values()}):
        members = {notebook for notebook, pick in random.items() if pick.at == at}
        mine = {key: size for key, size in sizes.items() if key[0] in members}
        macro = estimate(mine, weights, dimensions, resamples, seed).macro if mine else None
        found.append(Round(at, len(members), len(members & set(labelled)), macro))
    return tuple(found)


def _mean(figures: Mapping[Key, float], weights: Mapping[str, float], dimension: str) -> float | None:
    here = {key[0]: value for key, value in figures.items() if key[1] == dimension}
    total = math.fsum(weights[notebook] for notebook in here)
    return math.fsum(weights[n] * value for n, value in here.items()) / total if here else None
