"""Views and examples made up for tests of calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nbalign.align.calibrate.model import FloatArray, Taught, View
from nbalign.rubrics.model import Scale

THREE = Scale({0: "Not applicable", 1: "Bad", 2: "Average", 3: "Good"}, 0)


def scale_of(levels: int, *, na: bool = True) -> Scale:
    """A scale 1..levels, with 0 for N/A or without it."""
    meanings = {level: f"level {level}" for level in range(1, levels + 1)}
    return Scale({0: "Not applicable", **meanings}, 0) if na else Scale(meanings, None)


def made_view(
    number: int,
    *,
    counts: FloatArray | Sequence[float] = (),
    stems: Mapping[str, int] | None = None,
    facts: Mapping[str, float] | None = None,
    rule: float | None = None,
    rule_na: bool = False,
    judged: Mapping[int, float] | None = None,
    checks: Mapping[str, float] | None = None,
    vector: FloatArray | None = None,
) -> View:
    """A view of a notebook that is only a number."""
    return View(
        notebook=f"{number:064x}",
        dimension="d",
        counts=np.asarray(counts, dtype=np.float64),
        stems=stems or {},
        facts=facts or {},
        rule=rule,
        rule_na=rule_na,
        judged=judged,
        checks=checks or {},
        vector=vector,
    )


def noisy_view(number: int, rng: np.random.Generator, **known: object) -> View:
    """A view in which everything is noise but what is given."""
    vector = rng.normal(size=12)
    noise: dict[str, object] = {
        "counts": rng.random(20),
        "stems": {f"stem{chr(97 + i)}": int(rng.integers(0, 4)) for i in range(20)},
        "facts": {f"kind_{i}": -0.5 for i in range(6) if rng.random() < 0.4},
        "rule": float(rng.uniform(1, 3)),
        "judged": dict(zip((0, 1, 2, 3), rng.dirichlet((0.2, 1, 1, 1)).tolist(), strict=True)),
        "checks": {f"check{i}": float(rng.random()) for i in range(4)},
        "vector": vector / np.linalg.norm(vector),
    }
    return made_view(number, **{**noise, **known})  # type: ignore[arg-type]


def examples(views: Sequence[View], scores: Sequence[int], words: Sequence[str] = ()) -> list[Taught]:
    """Views with scores and one justification each."""
    said = words or [""] * len(views)
    return [Taught(view, int(score), (text,)) for view, score, text in zip(views, scores, said, strict=True)]


def error(fitted_scores: Sequence[int], scores: Sequence[int]) -> float:
    """Mean absolute error."""
    return float(np.mean(np.abs(np.asarray(fitted_scores) - np.asarray(scores))))
