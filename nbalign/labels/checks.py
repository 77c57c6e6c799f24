"""What a label must be before it is written. Every refusal is a sentence that a rater can act on."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast, get_args

from nbalign.errors import NotFound, UsageError
from nbalign.labels.model import Role
from nbalign.notebooks.sanitise import clean
from nbalign.rubrics.model import Rubric
from nbalign.store.clock import normalised, now

Source = Literal["tui", "cli", "import", "api"]

MAX_JUSTIFICATION = 10_000  # characters
MAX_RATER = 64  # characters
_BREAKS = frozenset({"Cc", "Zl", "Zp"})  # `clean` lets line breaks and tabs stand; a name has none


@dataclass(frozen=True, slots=True)
class NewLabel:
    """A label that has passed every check and may be written.

    Attributes:
        notebook: Content hash.
        rubric: The rubric it was given on.
        dimension: Dimension id of that rubric.
        rater: Who.
        score: A digit of the rubric's scale.
        justification: Clean text.
        cells: Ascending cell numbers of the notebook, without repeats.
        role: `rater` or `decision`.
        source: Where it came from.
        at: UTC time, ISO 8601.
    """

    notebook: str
    rubric: Rubric
    dimension: str
    rater: str
    score: int
    justification: str
    cells: tuple[int, ...]
    role: Role
    source: Source
    at: str


def check_label(
    notebook: str,
    cell_count: int,
    rubric: Rubric,
    dimension: str,
    rater: str,
    score: int,
    *,
    justification: str,
    cells: Iterable[int],
    role: Role,
    source: str,
    at: str | None,
) -> NewLabel:
    """Checks all parts of a label.

    Args:
        notebook: Content hash of a notebook that exists.
        cell_count: How many cells it has.
        rubric: The rubric.
        dimension: Dimension id.
        rater: Who.
        score: The score.
        justification: Why.
        cells: Cited cells in any order.
        role: Whose score it is.
        source: Where it comes from.
        at: ISO 8601 time, or None for now.

    Raises:
        NotFound: If the rubric has no such dimension.
        UsageError: If any other part is wrong.
    """
    check_dimension(rubric, dimension)
    if type(score) is not int or score not in rubric.scale.values:
        values = ", ".join(map(str, rubric.scale.values))
        raise UsageError(f"{score!r:.40} is not on the scale of {rubric.id}", f"Its scores are {values}.")
    return NewLabel(
        notebook=notebook,
        rubric=rubric,
        dimension=dimension,
        rater=check_rater(rater),
        score=score,
        justification=check_text(justification),
        cells=check_cells(cells, cell_count),
        role=check_role(role),
        source=check_source(source),
        at=now() if at is None else check_time(at),
    )


def check_dimension(rubric: Rubric, dimension: str) -> None:
    """Checks that a rubric has a dimension.

    Raises:
        NotFound: If not; the hint lists those it has.
    """
    known = [d.id for d in rubric.dimensions]
    if dimension not in known:
        raise NotFound(f"rubric {rubric.id} has no dimension {dimension!r:.60}", f"It has {', '.join(known)}.")


def one_form(name: str) -> str:
    """A rater's name in NFC and without space around it, so that one person is one rater on every keyboard."""
    return unicodedata.normalize("NFC", name).strip()


def check_rater(name: str) -> str:
    """A rater's name in its one form.

    Raises:
        UsageError: If it is empty, longer than `MAX_RATER` or holds control or invisible characters.
    """
    name = one_form(name)
    if not name:
        raise UsageError("a label needs a rater's name", "Give it with --rater NAME or NBALIGN_RATER.")
    if len(name) > MAX_RATER:
        raise UsageError(f"a rater's name has at most {MAX_RATER} characters, not {len(name)}")
    if clean(name) != name or any(unicodedata.category(c) in _BREAKS for c in name):
        raise UsageError(f"the rater's name {name!r:.60} has control or invisible characters")
    return name


def check_text(text: str) -> str:
    """A justification, sanitised.

    Raises:
        UsageError: If it is longer than `MAX_JUSTIFICATION`: a reason is never cut behind its author's back.
    """
    # A carriage return breaks a line here. On a terminal it would go back and write over what the rater wrote.
    text = clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > MAX_JUSTIFICATION:
        raise UsageError(f"a justification has at most {MAX_JUSTIFICATION:,} characters, not {len(text):,}")
    return text


def check_cells(cells: Iterable[int], cell_count: int) -> tuple[int, ...]:
    """Cited cells, ascending and without repeats.

    Args:
        cells: Cell numbers in any order.
        cell_count: How many cells the notebook has.

    Raises:
        UsageError: If the notebook has no such cell.
    """
    found = set(cells)
    wrong = [cell for cell in found if type(cell) is not int or not 1 <= cell <= cell_count]
    if wrong:
        span = f"cells 1 to {cell_count}" if cell_count else "no cells"
        raise UsageError(f"the notebook has no cell {wrong[0]!r:.20}", f"It has {span}.")
    return tuple(sorted(found))


def check_role(role: Role) -> Role:
    """Checks a role.

    Raises:
        UsageError: If it is neither `rater` nor `decision`.
    """
    if role not in get_args(Role):
        raise UsageError(f"{role!r:.40} is no role", "Roles are rater and decision.")
    return role


def check_source(source: str) -> Source:
    """Checks where a label comes from.

    Raises:
        UsageError: If it is not one of `Source`.
    """
    for known in get_args(Source):
        if source == known:
            return cast(Source, known)
    raise UsageError(f"{source!r:.40} is no source of labels", f"Sources are {', '.join(get_args(Source))}.")


def check_time(at: str) -> str:
    """A time in the stored form.

    Raises:
        UsageError: If it is not ISO 8601.
    """
    try:
        return normalised(at)
    except ValueError as error:
        raise UsageError(f"{at!r:.60} is no ISO 8601 time", "Write such as 2025-03-01T12:00:00+00:00.") from error
