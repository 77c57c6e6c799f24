"""What the section `Precedents` says: the cases that a judge is shown of a notebook, and why these."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nbalign.align.model import Precedent
from nbalign.align.retrieve import Neighbour
from nbalign.labels.cells import format_cells
from nbalign.rubrics.model import Rubric
from nbalign.tui.align.blind import Blind
from nbalign.tui.align.naming import score_words
from nbalign.tui.align.page import Block, block
from nbalign.tui.plain import one_line

Found = Mapping[str, Sequence[Neighbour]]


def precedent_blocks(
    found: Found, rubric: Rubric, dimension: str, blind: Blind, revealed: bool, key: Callable[[str], str]
) -> tuple[list[Block], list[Precedent]]:
    """What the page says, and the precedents behind its rows, in their order.

    Args:
        found: Dimension id -> precedents, the nearest first.
        rubric: The rubric.
        dimension: Id of the dimension in focus; empty for all.
        blind: What the rater has scored.
        revealed: Whether what the rater has not scored is shown all the same.
        key: Action id -> its key, for people.
    """
    blocks: list[Block] = []
    rows: list[Precedent] = []
    for each in rubric.dimensions:
        if dimension not in ("", each.id):
            continue
        blocks.append(block((each.title, "bold $text-accent")))
        near = found.get(each.id, ())
        if not near:
            blocks.append(block(("no precedents in this memory", "$text-muted"), indent=2))
        for neighbour in near:
            blocks += _one(neighbour, rubric, len(rows), key, revealed, blind)
            rows.append(neighbour.precedent)
        blocks.append(block(""))
    return blocks, rows


def hidden(precedent: Precedent, blind: Blind, revealed: bool) -> bool:
    """Whether what raters said in a precedent is kept from this rater."""
    return not revealed and not blind.sees(precedent.notebook, precedent.dimension)


def _one(
    neighbour: Neighbour, rubric: Rubric, row: int, key: Callable[[str], str], revealed: bool, blind: Blind
) -> list[Block]:
    case = neighbour.precedent
    facts = "no facts" if neighbour.by_facts is None else f"facts {neighbour.by_facts:.2f}"
    why = f"meaning {neighbour.by_meaning:.2f} · words {neighbour.by_words:.2f} · {facts}"
    head = f"{neighbour.similarity:.2f}  "
    name = (one_line(case.name, 60), "bold")
    if hidden(case, blind, revealed):
        words = f"score and words hidden until you have scored it here ({key('align.reveal')} shows them)"
        return [block(head, name, row=row), block((f"▒ {words}", "$text-muted"), row=row, indent=6), _why(why, row)]
    cells = f" [{format_cells(case.cells)}]" if case.cells else ""
    score = (score_words(rubric, case.score), "bold")
    return [
        block(head, name, ": ", score, cells, row=row),
        block(one_line(case.text or case.excerpt, 600) or "(no words)", row=row, indent=6),
        _why(why, row),
    ]


def _why(words: str, row: int) -> Block:
    return block((words, "$text-muted"), row=row, indent=6)


def not_yet(any_memory: bool, notebook: str, key: Callable[[str], str]) -> list[Block]:
    """What is said before anything was looked up."""
    about = block(
        "A precedent is a settled case: a notebook, its score in one dimension, a rater's reason. A judge with a "
        "memory is shown the three nearest of the notebook that it scores, never the notebook itself."
    )
    if not any_memory:
        start = (key("align.start"), "bold $text-accent")
        return [block(("No memory yet.", "bold")), about, block(""), block(start, " makes one (nbalign align)")]
    if not notebook:
        return [about, block(""), block("No notebook fits.")]
    return [
        block((one_line(notebook, 80), "bold")),
        about,
        block(""),
        block((key("align.open"), "bold $text-accent"), " finds them; it reads all notebooks that were learned from"),
    ]
