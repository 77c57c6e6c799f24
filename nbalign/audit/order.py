"""In which order a rater goes through the notebooks, and why each one stands where it stands.

A reason never tells a score, of a judge or of anybody else: raters who have not scored a notebook stay blind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbalign.audit.choose import Choice, rank_telling
from nbalign.audit.likeness import Bag
from nbalign.audit.model import Pick
from nbalign.audit.order_facts import Standing
from nbalign.audit.order_kinds import OrderKind

_UNLIKE = 0.5  # novelty from which a notebook is called unlike the labelled ones


@dataclass(frozen=True, slots=True)
class Place:
    """A notebook in the order of work.

    Attributes:
        notebook: Content hash.
        reason: Why it stands where it stands, in plain words; empty where the order has no reasons.
    """

    notebook: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order of all notebooks.

    Attributes:
        kind: How it was made.
        places: Every notebook of the workspace, once.
        unread: Notebooks whose words were not read yet, so that how unlike they are did not count.
    """

    kind: OrderKind
    places: tuple[Place, ...]
    unread: int = 0


def as_imported(notebooks: Sequence[str]) -> list[Place]:
    """The order of the import, whatever is done."""
    return [Place(notebook) for notebook in notebooks]


def at_random(notebooks: Sequence[str], rater: str, done: Mapping[str, Standing], dimensions: int) -> list[Place]:
    """An order that looks random, is another for each rater, and the same tomorrow; what is done comes last.

    Args:
        notebooks: Content hashes, as imported.
        rater: Who will label, in the one form of the name.
        done: How notebooks stand.
        dimensions: Dimensions of the rubric.
    """

    def key(notebook: str) -> tuple[bool, str]:
        standing = done.get(notebook)
        finished = standing is not None and standing.mine >= dimensions
        return finished, hashlib.sha256(f"{rater}|{notebook}".encode()).hexdigest()

    return [Place(notebook) for notebook in sorted(notebooks, key=key)]


def informative(
    notebooks: Sequence[str],
    standing: Mapping[str, Standing],
    bags: Mapping[str, Bag],
    picks: Sequence[Pick],
    dimensions: int,
) -> list[Place]:
    """What teaches most comes first.

    First what an audit picked, then what this rater has begun, then all that is open, the most doubtful and least
    familiar first (`rank_telling`), at last what this rater has done. What others labelled is open all the same. It
    counts as familiar as long as something is left that nobody has labelled; after that, likeness to this rater's own
    notebooks alone counts.

    Args:
        notebooks: Content hashes, as imported.
        standing: How notebooks stand.
        bags: Content hash -> its stems, as far as they were read.
        picks: What an audit picked and waits, in the order to label it in.
        dimensions: Dimensions of the rubric.
    """
    how = {notebook: standing.get(notebook, Standing()) for notebook in notebooks}
    done = [n for n in notebooks if how[n].mine >= dimensions]
    waiting = {pick.notebook: pick for pick in picks if pick.notebook in how and how[pick.notebook].mine < dimensions}
    begun = [n for n in notebooks if 0 < how[n].mine < dimensions and n not in waiting]
    rest = [n for n in notebooks if not how[n].mine and n not in waiting]
    own = {n for n in notebooks if how[n].mine}
    fresh = any(not how[n].others for n in rest)
    familiar = own | ({n for n in notebooks if how[n].others} if fresh else set())
    choices = rank_telling(
        rest, {n: how[n].doubt for n in rest}, bags, familiar | waiting.keys(), covered=familiar & set(rest)
    )
    labelled = bool(familiar)
    return [
        *(Place(n, _of_pick(pick, how[n], dimensions)) for n, pick in waiting.items()),
        *(Place(n, _begun(how[n], dimensions)) for n in begun),
        *(Place(c.notebook, _why(c, how[c.notebook], labelled, c.notebook in bags)) for c in choices),
        *(Place(n, "you have scored all of it") for n in done),
    ]


def _of_pick(pick: Pick, how: Standing, dimensions: int) -> str:
    why = "picked at random for the audit" if pick.why == "random" else "picked for the audit"
    return f"{why} · {_begun(how, dimensions)}" if how.mine else why


def _begun(how: Standing, dimensions: int) -> str:
    return f"you have begun it: {how.mine} of {dimensions} scored"


def _why(choice: Choice, how: Standing, labelled: bool, read: bool) -> str:
    reasons = [
        (how.unsure, how.unsure_on, f"the judge is unsure on {_dimensions(how.unsure_on)}"),
        (how.raters, how.raters_on, f"raters differ on {_dimensions(how.raters_on)}"),
        (how.judges, how.judges_on, f"judges differ on {_dimensions(how.judges_on)}"),
    ]
    told = [words for amount, on, words in sorted(reasons, key=lambda r: -r[0]) if on]
    # Most notebooks are fairly unlike most others: it is told of those that stand where they stand for it.
    if read and choice.novelty >= _UNLIKE and (choice.why == "novel" or not told):
        told.insert(0, "unlike what is labelled" if labelled else "unlike the others")
    return " · ".join(told[:2]) or ("much like what is labelled" if read and labelled else "nothing speaks for another")


def _dimensions(count: int) -> str:
    return f"{count} dimension{'' if count == 1 else 's'}"
