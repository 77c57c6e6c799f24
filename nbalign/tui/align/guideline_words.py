"""What the section `Guidelines` says: the list, and everything about the one in focus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.content import Content

from nbalign.align.model import Guideline, State
from nbalign.labels.cells import format_cells
from nbalign.rubrics.model import Rubric
from nbalign.tui.align.blind import Blind
from nbalign.tui.align.naming import counted, score_words, title_of
from nbalign.tui.align.page import Block, block
from nbalign.tui.align.reading import Behind, Source
from nbalign.tui.plain import content, one_line

STATES: tuple[State, ...] = ("proposed", "accepted", "edited", "written", "pinned", "rejected")
_MARKS: dict[State, tuple[str, str]] = {
    "proposed": ("○", ""),
    "accepted": ("✔", "$text-success"),
    "edited": ("✎", "$text-success"),
    "written": ("+", "$text-success"),
    "pinned": ("▲", "bold $text-accent"),
    "rejected": ("✗", "$text-error"),
}
_MEANS: dict[State, str] = {
    "proposed": "distilled from words; judges are shown it until somebody rejects it",
    "accepted": "an expert agrees",
    "edited": "in an expert's words",
    "written": "written by hand",
    "pinned": "stands before all others and is never dropped",
    "rejected": "shown to no judge, and stays rejected when it is distilled again",
}
_PAST = {
    "propose": "distilled",
    "accept": "accepted",
    "edit": "edited",
    "reject": "rejected",
    "pin": "pinned",
    "unpin": "unpinned",
    "write": "written",
}
_SAVED = {"saving": ("… ", "$text-muted"), "saved": ("✔ ", "$text-success"), "failed": ("✗ ", "bold $text-error")}
LEGEND = "○ proposed  ✔ accepted  ✎ edited  + written  ▲ pinned  ✗ rejected"


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which guidelines are listed.

    Attributes:
        dimension: Only of this dimension; empty for all.
        state: Only in this state; empty for all.
        needle: Only with all of these words, case aside; empty for all.
    """

    dimension: str = ""
    state: State | str = ""
    needle: str = ""

    def lets(self, guideline: Guideline) -> bool:
        """Whether it is listed."""
        text = f"{guideline.text} {guideline.id} {guideline.dimension}".casefold()
        return (
            self.dimension in ("", guideline.dimension)
            and self.state in ("", guideline.state)
            and all(word in text for word in self.needle.casefold().split())
        )


def listed(guidelines: Sequence[Guideline], sieve: Sieve) -> list[Guideline | str]:
    """The rows of the list: guidelines, and before those of each dimension its id."""
    rows: list[Guideline | str] = []
    before = None
    for guideline in guidelines:
        if sieve.lets(guideline):
            if guideline.dimension != before:
                rows.append(guideline.dimension)
                before = guideline.dimension
            rows.append(guideline)
    return rows


def guideline_row(row: Guideline | str, rubric: Rubric, saved: str, width: int) -> Content:
    """One line of the list.

    Args:
        row: A guideline, or the id of a dimension.
        rubric: The rubric.
        saved: `saving`, `saved` or `failed`; empty where nothing was decided.
        width: Cells.
    """
    if isinstance(row, str):
        return content((title_of(rubric, row), "bold $text-accent"))
    mark, style = _MARKS[row.state]
    text = one_line(row.text, max(width - 9, 8))
    return content((mark, style), " ", _SAVED.get(saved, ("  ", "")), f"{len(row.sources):>3} ", text)


def guideline_blocks(
    guideline: Guideline,
    behind: Behind | None,
    rubric: Rubric,
    blind: Blind,
    key: Callable[[str], str],
    *,
    revealed: bool,
    saved: str,
    draft: str,
) -> list[Block]:
    """Everything about one guideline; its sources are rows.

    Args:
        guideline: The guideline.
        behind: What stands behind it; None while it is being read.
        rubric: The rubric.
        blind: What the rater has scored.
        key: Action id -> its key, for people.
        revealed: Whether what the rater has not scored is shown all the same.
        saved: `saving`, `saved` or `failed`; empty where nothing was decided.
        draft: Words that are not entered yet; empty for none.
    """
    mark, style = _MARKS[guideline.state]
    blocks = [
        block((one_line(guideline.text, 500), "bold")),
        block((f"{mark} {guideline.state}", style), f": {_MEANS[guideline.state]}"),
        block((f"{title_of(rubric, guideline.dimension)} · {guideline.id}", "$text-muted")),
    ]
    if saved:
        words = {"saving": "being saved", "saved": "saved", "failed": "your decision is NOT saved"}[saved]
        blocks.append(block(_SAVED[saved], (words, "")))
    if draft:
        blocks.append(block(("a draft of other words is kept: ", "$text-warning"), f"{key('align.edit')} goes on"))
    blocks.append(block(""))
    if behind is None or behind.guideline != guideline.id:
        return [*blocks, block(("reading where it comes from …", "$text-muted"))]
    blocks += _sources(behind.sources, rubric, blind, key, revealed)
    return [*blocks, block(""), block(("What happened", "bold")), *_history(behind)]


def hidden(source: Source, blind: Blind, revealed: bool) -> bool:
    """Whether a source is kept from this rater."""
    return not revealed and not blind.sees(source.notebook, source.dimension, source.rater)


def _sources(
    sources: Sequence[Source], rubric: Rubric, blind: Blind, key: Callable[[str], str], revealed: bool
) -> list[Block]:
    if not sources:
        return [block(("No label stands behind it.", "$text-muted"))]
    blocks = [block((f"From {counted(len(sources), 'label')}", "bold"), f"  {key('align.open')} goes there")]
    for row, source in enumerate(sources):
        if hidden(source, blind, revealed):
            # The notebook is not named either: a guideline says which score it leads to.
            words = f"hidden: a notebook that you have not scored here ({key('align.reveal')} shows it)"
            blocks.append(block(("▒ ", ""), (words, "$text-muted"), row=row))
            continue
        cells = f" [{format_cells(source.cells)}]" if source.cells else ""
        kind = " (decision)" if source.decision else ""
        gone = "" if source.stands else " · no longer stands"
        blocks.append(
            block(
                (one_line(source.name, 60), "bold"),
                f" · {one_line(source.rater, 40)}{kind}: ",
                (score_words(rubric, source.score), "bold"),
                f"{cells}{gone}",
                row=row,
            )
        )
        blocks.append(block(one_line(source.words, 1000) or "(no words)", row=row, indent=2))
    return blocks


def _history(behind: Behind) -> list[Block]:
    blocks, before = [], ""
    for event in behind.history:
        done = _PAST[event.action] + (": taken back" if event.undoes is not None else "")
        who = f" by {one_line(event.who, 40)}" if event.who else ""
        text = f": {one_line(event.text, 300)}" if event.text != before else ""
        blocks.append(block((f"{event.at[:16].replace('T', ' ')}  {done}{who}{text}", "$text-muted")))
        before = event.text
    return blocks


def nothing_listed(any_here: bool, sieve: Sieve, key: Callable[[str], str]) -> list[Block]:
    """What is said instead of a guideline where none is listed."""
    if any_here:
        ways = [
            f"{key('align.dimension')} another dimension" if sieve.dimension else "",
            f"{key('align.filter')} another state" if sieve.state else "",
            f"{key('align.leave')} ends the search" if sieve.needle else "",
        ]
        return [block("No guideline fits: ", ", ".join(way for way in ways if way))]
    return [
        block(("No guidelines yet.", "bold")),
        block(
            "A guideline is a sentence that says what leads to which score, distilled from the reasons that raters "
            "gave. Judges are shown the strongest of them, and you decide which are right."
        ),
        block(""),
        block((key("align.start"), "bold $text-accent"), " learns some from the labels (nbalign align)"),
        block((key("align.write"), "bold $text-accent"), " writes one by hand"),
    ]
