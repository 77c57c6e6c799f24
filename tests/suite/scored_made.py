"""Runs made of levels, for tests of what compares them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from nbalign.suite.runs.model import CaseBrief, JudgeError, Production, Run, RunScore, ScoredRun

TITLES = {"eda": "Exploratory Data Analysis", "model_training": "Model Training", "metrics": "Metrics"}
NA = 0

# Dimension -> case -> scores of its repeats; None for a notebook that is not judged on it.
Levels = Mapping[str, Mapping[str, Sequence[int | None]]]


def scored(name: str, levels: Levels, **over: object) -> ScoredRun:
    """A run whose notebooks have these scores; every case and repeat named anywhere was made.

    Args:
        name: Of the run.
        levels: Its scores.
        over: Fields of `Run` that are to be other than usual; `prompts` gives cases other words, `failed` names
            (case, repeat) that could not be made, `cases` those asked for.
    """
    prompts = dict(over.pop("prompts", {}))  # type: ignore[call-overload]
    failed = set(over.pop("failed", ()))  # type: ignore[call-overload]
    asked = list(over.pop("cases", None) or dict.fromkeys(case for cases in levels.values() for case in cases))  # type: ignore[call-overload]
    repeats = max((len(scores) for cases in levels.values() for scores in cases.values()), default=1)
    fields: dict[str, object] = {
        "name": name,
        "suite": "tabular",
        "suite_sha256": "5" * 64,
        "cases": tuple(
            CaseBrief(case, prompts.get(case, f"Predict {case}."), "classification", "small", (), frozenset())
            for case in asked
        ),
        "generator": f"local:{name}",
        "identity": {"kind": "local"},
        "repeats": repeats,
        "seed": 0,
        "rubric": "ml-notebook",
        "rubric_sha256": "a" * 64,
        "model": "qwen2.5-coder-1.5b",
        "memory": "m1",
        "budget": 2000,
        "evidence": 120,
        "judge": "qwen+m1@abc",
        "base_judge": "qwen@abc",
        "at": "2026-11-22T09:00:00+00:00",
        **over,
    }
    run = Run(**fields)  # type: ignore[arg-type]
    productions = []
    for case in asked:
        for repeat in range(1, repeats + 1):
            lost = (case, repeat) in failed
            there = any(len(cases.get(case, ())) >= repeat for cases in levels.values()) or not levels
            if lost or there:
                productions.append(
                    Production(
                        case, repeat, "" if lost else sha(name, case, repeat), "it never stopped" if lost else "",
                        900, 400, 30.0, 1 if repeat == 2 else 0, (), "2026-11-22T09:10:00+00:00",
                    )
                )  # fmt: skip
    scores = [
        RunScore(
            case, repeat, sha(name, case, repeat), dimension, score, float(score), f"why {score} ({name})",
            f"{name}-{case}-{repeat}-{dimension}",
        )
        for dimension, cases in levels.items()
        for case, given in cases.items()
        for repeat, score in enumerate(given, 1)
        if score is not None and (case, repeat) not in failed
    ]  # fmt: skip
    dimensions = tuple((d, TITLES.get(d, d.title())) for d in levels)
    return ScoredRun(run, tuple(productions), tuple(scores), dimensions, (1, 2, 3), NA)


def sha(name: str, case: str, repeat: int) -> str:
    """A content hash of a made notebook."""
    return f"{name}-{case}-{repeat}".encode().hex().ljust(64, "0")[:64]


def one_dimension(name: str, levels: Sequence[int], **over: object) -> ScoredRun:
    """A run of one notebook a case in the dimension `eda`."""
    return scored(name, {"eda": {f"c{n:03}": [level] for n, level in enumerate(levels)}}, **over)


def judge_error(pairs: Mapping[str, Sequence[tuple[int, int]]]) -> JudgeError:
    """Pairs of judged and settled scores, the n-th of each dimension about the same notebook."""
    return JudgeError(
        "e1", "full+calibrated", {d: tuple((f"n{n}", j, s) for n, (j, s) in enumerate(p)) for d, p in pairs.items()}
    )


def drawn(random: np.random.Generator, rows: npt.NDArray[np.float64], truths: npt.NDArray[np.int64]) -> list[int]:
    """What a judge with these rows of P(judged | settled) says of settled levels 1, 2, 3."""
    return [int(random.choice([1, 2, 3], p=rows[truth - 1])) for truth in truths]


def made_hostile(made: ScoredRun, text: str) -> ScoredRun:
    """The run with this text wherever a run holds words that others wrote."""
    run = replace(
        made.run,
        note=text,
        generator=text,
        identity={text or "x": text},
        suite=text,
        rubric=text,
        cases=tuple(replace(case, prompt=text, tags=(text,)) for case in made.run.cases),
    )
    productions = tuple(
        replace(one, problem=text, notebook="", notes=(text,)) if n == 2 else replace(one, notes=(text,))
        for n, one in enumerate(made.productions)
    )
    scores = tuple(replace(score, rationale=text) for score in made.scores)
    return replace(
        made,
        run=run,
        productions=productions,
        scores=scores,
        dimensions=tuple((dimension, title + text) for dimension, title in made.dimensions),
    )
