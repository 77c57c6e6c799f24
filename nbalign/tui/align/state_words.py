"""What the section `State` says: what would be learned from, and what should be settled first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content

from nbalign.align.lessons import Noisy
from nbalign.align.outlook import DimensionOutlook
from nbalign.rubrics.model import Rubric
from nbalign.tui.align.naming import counted, title_of
from nbalign.tui.align.page import Block, block
from nbalign.tui.align.reading import Outlook
from nbalign.tui.plain import content, one_line

_MOST_CASES = 200  # rows of noise; the room Adjudicate has all of them
_MOST_NAMES = 12
COLUMNS = "settled  new apart"


def outlook_row(title: str, found: Sequence[DimensionOutlook], width: int) -> Content:
    """One line of the list: a title, and how much there is to learn.

    Args:
        title: The dimension, or all of them.
        found: What it sums up.
        width: Cells.
    """
    settled, added = sum(x.lessons for x in found), sum(x.added for x in found)
    apart = sum(x.apart_open for x in found)
    figures = f"{settled:>7} {added:>4} {apart:>5}"
    room = max(width - len(figures) - 1, 6)
    name = one_line(title, room)
    mark = (figures[-5:], "bold $text-warning" if apart else "")
    return content(name, " " * max(room - content(name).cell_length + 1, 1), figures[:-5], mark)


def outlook_blocks(
    read: Outlook, rubric: Rubric, dimension: str, revealed: bool, key: Callable[[str], str]
) -> tuple[list[Block], list[Noisy]]:
    """What the page says, and the cases of noise behind its rows, in their order.

    Args:
        read: What was read.
        rubric: The rubric.
        dimension: Id of the dimension in focus; empty for all.
        revealed: Whether cases that the rater has not scored are named too.
        key: Action id -> its key, for people.
    """
    found = [x for x in read.dimensions if dimension in ("", x.dimension)]
    settled, labels = sum(x.lessons for x in found), sum(x.labels for x in found)
    blocks = [block((title_of(rubric, dimension), "bold"))]
    blocks += [_memory(read), block("")]
    if settled:
        said = sum(x.words for x in found)
        blocks.append(
            block(f"{settled:,} settled scores would be learned from: {labels:,} labels, {said:,} with words.")
        )
    else:
        blocks.append(
            block(
                "Nothing is settled here yet, so there is nothing to learn from. Score notebooks and say why "
                f"({key('room.label')} Label); a judge needs some twenty of them before learning helps."
            )
        )
    blocks += _news(read, found, dimension)
    if not dimension and read.missing:
        blocks.append(
            block(f"Missing of the judge: {counted(read.missing, 'opinion')}, computed first when you align.")
        )
    if not dimension and read.guidelines:
        here = f"{counted(sum(read.guidelines.values()), 'guideline')}: "
        states = ", ".join(f"{count:,} {state}" for state, count in read.guidelines.items())
        blocks.append(block(f"{here}{states} ({key('align.section.guidelines')} shows them)."))
    if read.left_out:
        blocks.append(block(f"Not learned from: {_names(read.left_out)} (nbalign align --realign NAME)."))
    if settled:
        blocks += [block(""), block((key("align.start"), "bold $text-accent"), " aligns: labels become a new memory.")]
    cases, told = _noise(read, rubric, dimension, revealed, key)
    return [*blocks, block(""), *told], cases


def _memory(read: Outlook) -> Block:
    if read.memory is None:
        return block("Nothing was aligned yet: judges know the rubric and what a program reads off the code, no more.")
    version, at, model = read.memory
    return block(f"The latest memory is {version} of {at[:16].replace('T', ' ')} UTC, made with {one_line(model, 60)}.")


def _news(read: Outlook, found: Sequence[DimensionOutlook], dimension: str) -> list[Block]:
    if read.memory is None:
        return []
    added, gone, kept = (sum(getattr(x, name) for x in found) for name in ("added", "gone", "kept"))
    if not added and not gone:
        return [block(f"Nothing is new since then: it knows {counted(kept, 'label')}, as they stand.")]
    blocks = [block(f"Since then: {counted(added, 'new label')}, {gone:,} gone or changed; {kept:,} it knows.")]
    if not dimension and read.fresh:
        blocks.append(block(("New in: ", ""), (_names(read.fresh), "$text-muted")))
    return blocks


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(one_line(name, 40) for name in names[:_MOST_NAMES]) + more


def _noise(
    read: Outlook, rubric: Rubric, dimension: str, revealed: bool, key: Callable[[str], str]
) -> tuple[list[Noisy], list[Block]]:
    unsettled = sum(x.unsettled for x in read.dimensions if dimension in ("", x.dimension))
    mine = [case for case in read.noise if dimension in ("", case.dimension)]
    shown = [case for case in mine if revealed or read.blind.sees(case.notebook, case.dimension)]
    undecided = sum(not case.decided for case in mine)
    blocks = []
    if unsettled:
        blocks.append(
            block(
                f"{unsettled:,} left out: raters differ and nobody has decided ({key('room.adjudicate')} Adjudicate)."
            )
        )
    if not mine:
        blocks.append(block(("No raters are more than half of the scale apart.", "$text-muted")))
        return [], blocks
    blocks.append(
        block(
            ("Settle first: ", "bold $text-warning"),
            f"{counted(len(mine), 'case')} where raters are more than half of the scale apart, {undecided:,} "
            f"undecided. That teaches noise. {key('align.open')} on one goes to Adjudicate.",
        )
    )
    for row, case in enumerate(shown[:_MOST_CASES]):
        said = ", ".join(f"{one_line(x.rater, 24)} {x.score}" for x in case.remarks if x.role == "rater")
        blocks.append(
            block(
                ("✔ " if case.decided else "○ ", "$text-success" if case.decided else "bold $text-warning"),
                f"{one_line(case.name, 60)} · {title_of(rubric, case.dimension)}",
                (f" · {said}{' · decided' if case.decided else ''}", "$text-muted"),
                row=row,
            )
        )
    if len(shown) > _MOST_CASES:
        blocks.append(block(f"and {len(shown) - _MOST_CASES:,} more, all of them in Adjudicate"))
    if hidden := len(mine) - len(shown):
        words = f"{hidden:,} of them hidden: you have not scored these. {key('align.reveal')} shows them all the same."
        blocks.append(block((words, "$text-muted")))
    return shown[:_MOST_CASES], blocks
