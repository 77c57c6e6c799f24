"""Which notebooks an expert should look at next: a simple random sample first, then doubtful and unfamiliar ones."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nbalign.audit.likeness import Bag, Vectors, bag, nearest, vectors
from nbalign.audit.model import Why

FloatArray = npt.NDArray[np.float64]

GREEDY = 100  # notebooks that are ordered one by one: more than anybody labels before the order is made anew


@dataclass(frozen=True, slots=True)
class Choice:
    """A notebook chosen.

    Attributes:
        notebook: Content hash.
        why: Why.
        weight: 1 / selection probability for random ones, else 1.
        novelty: 1 minus the cosine with the nearest notebook that is labelled or chosen already, 0..1; NaN for random
            ones, which were chosen without looking.
    """

    notebook: str
    why: Why
    weight: float
    novelty: float = math.nan


def draw_random(frame: Collection[str], count: int, seed: int, salt: str = "") -> list[Choice]:
    """A simple random sample without replacement: every set of `count` notebooks is as likely.

    Args:
        frame: What to draw from; its order does not matter.
        count: How many; no more than there are.
        seed: Of the draw.
        salt: Anything that tells this draw from others with the same seed.

    Returns:
        In the order of drawing, which is random as well: any first part of it is a simple random sample, too. Each
        weighs len(frame) / (number drawn).
    """
    ordered = sorted(set(frame))
    count = min(max(count, 0), len(ordered))
    digest = hashlib.sha256(f"{seed}|{salt}".encode()).digest()
    order = np.random.default_rng(int.from_bytes(digest[:8])).permutation(len(ordered))[:count]
    return [Choice(ordered[int(n)], "random", len(ordered) / count) for n in order]


def random_count(count: int, share: float) -> int:
    """How many of `count` picks are random: the share of them, rounded up, so that a small pick has one, too."""
    return min(count, math.ceil(count * share - 1e-9))  # 30 * 0.1 is 3.0000000000000004


def draw_telling(
    candidates: Sequence[str],
    count: int,
    doubts: Mapping[str, float],
    words: Mapping[str, Counter[str]],
    familiar: Collection[str],
) -> list[Choice]:
    """The most doubtful and least familiar notebooks, one by one; see `rank_telling`.

    Args:
        candidates: What to choose from.
        count: How many; no more than there are.
        doubts: Notebook -> the judge's doubt.
        words: Notebook -> its stems, for the candidates and the familiar; without any a notebook is never novel.
        familiar: Notebooks that are labelled, or chosen already.
    """
    if count <= 0:
        return []
    bags = {notebook: bag(stems) for notebook, stems in words.items()}
    return rank_telling(candidates, doubts, bags, familiar, greedy=count)[:count]


def rank_telling(
    candidates: Sequence[str],
    doubts: Mapping[str, float],
    bags: Mapping[str, Bag],
    familiar: Collection[str],
    covered: Collection[str] = (),
    greedy: int = GREEDY,
) -> list[Choice]:
    """All candidates, the most doubtful and least familiar first.

    Doubt and novelty are put on one footing as ranks among the candidates (0..1) and added; after each choice the
    chosen notebook is familiar, so that copies of it are not chosen as well. Ties go by the content hash. That is done
    for the first ones; thousands of steps would take minutes, so the others follow as they stand then.

    Args:
        candidates: What to order.
        doubts: Notebook -> how unsure the judges or raters are of it.
        bags: Notebook -> its stems, for the candidates and the familiar; without any a notebook is never novel.
        familiar: Notebooks that are labelled, or chosen already.
        covered: Candidates that count as familiar themselves, such as those labelled by somebody else.
        greedy: How many are chosen one by one.
    """
    left = sorted(set(candidates))
    if not left:
        return []
    known = sorted(set(familiar) - set(left))
    empty = bag(Counter())
    # Column by column: likeness to one notebook then touches the few columns of its own stems alone.
    table = np.asfortranarray(vectors([bags.get(notebook, empty) for notebook in [*left, *known]]))
    unsure = _ranks(np.asarray([doubts.get(notebook, 0.0) for notebook in left]))
    held = set(covered)
    within = [n for n, notebook in enumerate(left) if notebook in held]
    closest = np.maximum(nearest(table[: len(left)], table[len(left) :]), nearest(table[: len(left)], table[within]))
    closest[~table[: len(left)].any(axis=1)] = 1.0
    found: list[Choice] = []
    free = np.ones(len(left), dtype=bool)
    new = _ranks(1 - closest)

    def take(at: int) -> None:
        why: Why = "uncertain" if unsure[at] >= new[at] else "novel"
        found.append(Choice(left[at], why, 1.0, float(1 - closest[at])))
        free[at] = False

    for _ in range(min(greedy, len(left))):
        at = int(np.argmax(np.where(free, np.round(unsure + new, 9), -1)))
        take(at)
        closest = np.maximum(closest, _cosines(table[: len(left)], at))
        new = _ranks(1 - closest)
    for at in np.argsort(-np.round(unsure + new, 9), kind="stable"):
        if free[at]:
            take(int(at))
    return found


def _cosines(rows: Vectors, at: int) -> FloatArray:
    here = np.flatnonzero(rows[at])
    cosines: FloatArray = np.clip(rows[:, here] @ rows[at, here], 0, 1).astype(np.float64)
    return cosines


def _ranks(values: FloatArray) -> FloatArray:
    """Share of the others that are lower, equal ones counting half, 0..1; all 0.5 where all are equal."""
    if len(values) < 2:
        return np.full(len(values), 0.5)
    ordered = np.sort(values)
    lower = np.searchsorted(ordered, values, side="left")
    not_higher = np.searchsorted(ordered, values, side="right")
    ranks: FloatArray = (lower + (not_higher - lower - 1) / 2) / (len(values) - 1)
    return ranks
