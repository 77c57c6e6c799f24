"""What the section `Versions` says: each memory in a line, one of them in full, and what changed between two."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content

from nbalign.align.differences import MemoryDiff
from nbalign.align.model import Guideline
from nbalign.rubrics.model import Rubric
from nbalign.tui.align.memories import Card
from nbalign.tui.align.naming import counted, title_of
from nbalign.tui.align.page import Block, block
from nbalign.tui.plain import content, one_line

_OVERALL = ""  # the dimension of the mean over all dimensions
COLUMNS = "  version       made (UTC)         labels  guidelines  calibrated   MAE"


def card_row(card: Card, marked: bool) -> Content:
    """One line of the list.

    Args:
        card: The version.
        marked: Whether others are compared with it.
    """
    promised = card.promise.mae.get(_OVERALL) if card.promise is not None else None
    error = f"{promised.value:.2f}" if promised is not None else "–"
    figures = f"{card.labels:>9} {card.guidelines:>11} {card.calibrated:>11} {error:>5}"
    return content(
        ("◆ " if marked else "  ", "bold $text-accent"),
        (f"{one_line(card.version, 12):<12}", "bold"),
        f"  {card.at[:16].replace('T', ' ')}",
        figures if not card.broken else "  cannot be read",
    )


def card_blocks(card: Card, rubric: Rubric, dimension: str) -> list[Block]:
    """Everything about one version.

    Args:
        card: The version.
        rubric: The rubric.
        dimension: Id of the dimension in focus; empty for all.
    """
    follows = f"follows {card.parent}" if card.parent else "the first"
    made = f"made {card.at[:16].replace('T', ' ')} UTC with {one_line(card.model, 60)}"
    blocks = [block((f"memory {one_line(card.version, 14)}", "bold"), f" · {follows} · {made}")]
    if card.broken:
        return [*blocks, block((f"It cannot be read: {one_line(card.broken, 300)}", "$text-error"))]
    blocks.append(
        block(
            f"{counted(card.labels, 'label')}, of which {card.silent:,} led to no guideline · "
            f"{counted(card.guidelines, 'guideline')} in force · {counted(card.precedents, 'precedent')}"
        )
    )
    blocks += [*_promised(card, dimension), block(""), block(("Calibration", "bold"))]
    for each in rubric.dimensions:
        if dimension in ("", each.id):
            on, why = card.calibrations.get(each.id, (False, "not aligned in this version"))
            word = ("✔ on ", "$text-success") if on else ("– off", "$text-muted")
            promised = card.promise.mae.get(each.id) if card.promise is not None else None
            error = f" · MAE {promised.value:.2f} ({promised.low:.2f} to {promised.high:.2f})" if promised else ""
            blocks.append(block(word, f" {title_of(rubric, each.id)}{error}"))
            blocks.append(block((one_line(why, 300), "$text-muted"), indent=6))
    return blocks


def _promised(card: Card, dimension: str) -> list[Block]:
    if card.promise is None:
        words = "No experiment says yet how near it is to the raters on notebooks it has not seen: nbalign evaluate."
        return [block((words, "$text-muted"))]
    found = card.promise.mae.get(_OVERALL)
    if found is None or dimension:
        return []
    words = f"Promised by cross-validation on unseen notebooks: MAE {found.value:.2f} ({found.low:.2f} to "
    return [block(f"{words}{found.high:.2f}), experiment {one_line(card.promise.experiment, 14)}.")]


def diff_blocks(diff: MemoryDiff, rubric: Rubric, dimension: str) -> list[Block]:
    """What came, went and changed.

    Args:
        diff: The difference.
        rubric: The rubric.
        dimension: Only of this dimension; empty for all. Precedents are counted over all.
    """
    blocks = [block((f"From {one_line(diff.older, 14)} to {one_line(diff.newer, 14)}", "bold"))]
    body: list[Block] = []
    for sign, style, many in (("+", "$text-success", diff.added), ("-", "$text-error", diff.dropped)):
        for guideline in many:
            if dimension in ("", guideline.dimension):
                state = f"  ({guideline.state})"
                body.append(_line(sign, style, rubric, guideline, state))
    for before, after in diff.changed:
        if dimension not in ("", after.dimension):
            continue
        if before.text != after.text:
            body.append(_line("~", "$text-warning", rubric, before, "  (before)"))
            body.append(block(f"now: {one_line(after.text, 300)}", indent=4))
        else:
            how = f"{before.state} → {after.state}" if before.state != after.state else "other labels behind it"
            body.append(_line("~", "$text-warning", rubric, after, f"  ({how})"))
    for each, was, now in diff.calibrations:
        if dimension in ("", each):
            body.append(block(("~ ", "$text-warning"), f"calibration of {title_of(rubric, each)}: {was} → {now}"))
    if diff.precedents_added or diff.precedents_dropped:
        added, dropped = diff.precedents_added, diff.precedents_dropped
        body.append(block(f"precedents: {added:,} new or changed, {dropped:,} gone or changed"))
    return [*blocks, *(body or [block(("nothing that people can see has changed", "$text-muted"))])]


def _line(sign: str, style: str, rubric: Rubric, guideline: Guideline, more: str) -> Block:
    title = title_of(rubric, guideline.dimension)
    return block((f"{sign} ", f"bold {style}"), (f"{title}: ", "$text-muted"), one_line(guideline.text, 300), more)


def no_memories(key: Callable[[str], str]) -> list[Block]:
    """What is said where nothing was ever aligned."""
    return [
        block(("No memory yet.", "bold")),
        block(
            "A memory is one unchangeable version of all that judges learned: guidelines, precedents, checks and "
            "calibrations. Each names the labels it comes from, and two can be compared here."
        ),
        block(""),
        block((key("align.start"), "bold $text-accent"), " makes one from the labels (nbalign align)"),
    ]
