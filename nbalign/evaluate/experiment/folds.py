"""Folds of cross-validation: whole groups together, sizes even, every fold with its share of every score.

Placing follows the idea of iterative stratification (K. Sechidis, G. Tsoumakas, I. Vlahavas, "On the stratification of
multi-label data", ECML PKDD 2011): what is rarest is placed first, where it is missing most. Here the scores of all
dimensions are the labels, a fold that is among the smallest is always taken, and swaps of groups of one size improve
the shares afterwards without touching the sizes.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nbalign.align.calibrate.model import FloatArray
from nbalign.errors import UsageError
from nbalign.evaluate.pairs import IntArray
from nbalign.evaluate.scored import Key

_MOST_SWAPPED = 400  # units looked at together: the table of their swaps grows with the square
_MOST_SWAPS = 500


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never split: one notebook, or all of one group; `tie` orders what is otherwise equal."""

    members: tuple[str, ...]
    tie: str


def assign(
    notebooks: Sequence[str],
    truth: Mapping[Key, int | None],
    k: int,
    seed: int,
    groups: Mapping[str, str] | None = None,
    *,
    previous: Mapping[str, int] | None = None,
    stable: bool = True,
) -> dict[str, int]:
    """Puts every notebook into one of K folds.

    The order of the input does not matter: the same seed, set of notebooks, scores and groups give the same folds. A
    changed score may change them, unless an earlier assignment is given: then only new notebooks are placed.

    Args:
        notebooks: Content hashes; repeats count once.
        truth: (notebook, dimension) -> settled score, N/A included; None and what is missing say nothing.
        k: Folds wanted, 2 or more. With fewer groups than that there are as many folds as groups.
        seed: Decides between what is equally good.
        groups: Notebook -> name of its group; whole groups stay together. A notebook that is not in it stands alone.
        previous: An earlier assignment. It is kept where it has exactly as many folds as there would be now, and
            no fold would stay empty; a group that it splits goes where most of its notebooks were.
        stable: Whether to use `previous`.

    Returns:
        Notebook -> fold, 0 and up without gaps, in the order of the notebooks' hashes. Sizes differ by at most one
        where nothing is grouped and nothing was kept, and otherwise by no more than the largest group allows.

    Raises:
        UsageError: If `k` is below 2 or there are fewer than two groups: nothing could be held out.
    """
    if k < 2:
        raise UsageError(f"cross-validation cannot have {k} folds", "It needs at least 2.")
    units = _units(notebooks, groups or {}, seed)
    if len(units) < 2:
        what = "groups of notebooks" if groups else "notebooks"
        raise UsageError(
            f"cross-validation needs at least two labelled {what}, one to learn from and one to hold out; "
            f"there {'is' if len(units) == 1 else 'are'} {len(units)}",
            "Label more notebooks.",
        )
    k = min(k, len(units))
    kept = _kept(units, previous, k) if stable and previous else {}
    places = _place(units, _profiles(units, truth), k, kept)
    if len(set(places.tolist())) < k:  # what was kept fills some folds alone
        places = _place(units, _profiles(units, truth), k, {})
    found = {notebook: int(fold) for unit, fold in zip(units, places, strict=True) for notebook in unit.members}
    return dict(sorted(found.items()))


def folds_note(folds: Mapping[str, int], k: int) -> str:
    """One plain sentence where there are fewer folds than asked for; else empty.

    Args:
        folds: As from `assign`.
        k: Folds that were asked for.
    """
    count = len(set(folds.values()))
    if count >= k:
        return ""
    return f"There are only {count} folds instead of {k}, because there are only {count} groups that stay together."


def _units(notebooks: Sequence[str], groups: Mapping[str, str], seed: int) -> list[_Unit]:
    members: defaultdict[tuple[bool, str], list[str]] = defaultdict(list)
    for notebook in sorted(set(notebooks)):
        grouped = notebook in groups
        members[grouped, groups[notebook] if grouped else notebook].append(notebook)
    # A hash, not a random generator: the order of the others stays when a notebook comes or goes.
    return [
        _Unit(tuple(names), hashlib.sha256(f"{seed}\0{names[0]}".encode("utf-8", "replace")).hexdigest())
        for names in members.values()
    ]


def _profiles(units: Sequence[_Unit], truth: Mapping[Key, int | None]) -> FloatArray:
    """How often each (dimension, score) occurs in each unit, shape (units, kinds of score)."""
    row = {notebook: n for n, unit in enumerate(units) for notebook in unit.members}
    scores = sorted((row[nb], dimension, s) for (nb, dimension), s in truth.items() if nb in row and s is not None)
    column = {kind: n for n, kind in enumerate(sorted({(dimension, score) for _, dimension, score in scores}))}
    profiles = np.zeros((len(units), len(column)))
    for unit, dimension, score in scores:
        profiles[unit, column[dimension, score]] += 1
    return profiles


def _kept(units: Sequence[_Unit], previous: Mapping[str, int], k: int) -> dict[int, int]:
    """Unit -> fold, of units with a place in an earlier assignment of the same K."""
    if set(previous.values()) != set(range(k)):
        return {}
    kept = {}
    for n, unit in enumerate(units):
        votes = Counter(previous[notebook] for notebook in unit.members if notebook in previous)
        if votes:
            kept[n] = min(votes, key=lambda fold: (-votes[fold], fold))
    return kept


def _place(units: Sequence[_Unit], profiles: FloatArray, k: int, kept: Mapping[int, int]) -> IntArray:
    """Fold of each unit, shape (units,): the largest units first and, of one size, those with the rarest score."""
    sizes = np.asarray([len(unit.members) for unit in units], dtype=np.int64)
    places: IntArray = np.full(len(units), -1, dtype=np.int64)
    for unit, fold in kept.items():
        places[unit] = fold
    filled = np.asarray([sizes[places == fold].sum() for fold in range(k)])
    # How much of each kind of score a fold still lacks of its equal share.
    lacking = profiles.sum(axis=0) / k - np.stack([profiles[places == fold].sum(axis=0) for fold in range(k)])
    ties = np.asarray([unit.tie for unit in units])
    waiting = places < 0
    while waiting.any():
        largest = np.flatnonzero(waiting & (sizes == sizes[waiting].max()))
        left = profiles[largest].sum(axis=0)
        if left.any():
            rarest = int(np.where(left > 0, left, np.inf).argmin())
            largest = largest[profiles[largest, rarest] > 0]
            first = lacking[:, rarest]
        else:
            first = np.zeros(k)
        unit = int(largest[ties[largest].argsort(kind="stable")[0]])
        then = lacking @ (profiles[unit] > 0)
        fold = min(
            (fold for fold in range(k) if filled[fold] == filled.min()),
            key=lambda fold: (-round(first[fold], 9), -round(then[fold], 9), _tie(units[unit], fold)),
        )
        places[unit], waiting[unit] = fold, False
        filled[fold] += sizes[unit]
        lacking[fold] -= profiles[unit]
    free = np.asarray([n for n in ties.argsort(kind="stable") if n not in kept], dtype=np.int64)
    for start in range(0, free.size if profiles.size else 0, _MOST_SWAPPED):
        _swap(places, profiles, sizes, free[start : start + _MOST_SWAPPED], k)
    return places


def _tie(unit: _Unit, fold: int) -> str:
    """Decides between folds that need a unit equally; another one for each unit, so that no fold is preferred."""
    return hashlib.sha256(f"{unit.tie}{fold}".encode()).hexdigest()


def _swap(places: IntArray, profiles: FloatArray, sizes: IntArray, free: IntArray, k: int) -> None:
    """Swaps free units of one size between folds, the best swap first, as long as the shares of scores get better.

    What gets smaller is the sum over folds and kinds of score of (count - expected count)^2 / total count. With x the
    profiles divided by the roots of the totals and e the folds' surplus likewise, swapping unit a of fold A with b of
    fold B changes it by 2 (|x_a - x_b|^2 - (x_a - x_b) (e_A - e_B)).
    """
    scaled = profiles / np.sqrt(profiles.sum(axis=0))
    share = np.asarray([sizes[places == fold].sum() for fold in range(k)]) / sizes.sum()
    surplus = np.stack([scaled[places == fold].sum(axis=0) for fold in range(k)]) - share[:, None] * scaled.sum(axis=0)
    x, size = scaled[free], sizes[free]
    gram = x @ x.T
    apart = gram.diagonal()[:, None] + gram.diagonal()[None, :] - 2 * gram
    for _ in range(_MOST_SWAPS):
        fold = places[free]
        reach = (x @ surplus.T)[:, fold]  # [a, b]: x_a e_B
        own = reach.diagonal()
        change = apart - (own[:, None] - reach - reach.T + own[None, :])
        allowed = (size[:, None] == size[None, :]) & (fold[:, None] != fold[None, :])
        # Rounded, so that the last digits of a sum, which differ between machines, decide nothing.
        best = int(np.where(allowed, np.round(change, 9), np.inf).argmin())
        a, b = divmod(best, free.size)
        if not allowed[a, b] or change[a, b] > -1e-6:
            return
        surplus[fold[a]] += x[b] - x[a]
        surplus[fold[b]] += x[a] - x[b]
        places[free[a]], places[free[b]] = fold[b], fold[a]
