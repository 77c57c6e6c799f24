"""Lessons become precedents: the cited cells, the settled score, and the one justification that says it best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from nbalign.align.model import Lesson, Precedent, Remark
from nbalign.align.retrieve.words import stem, words
from nbalign.notebooks.model import Notebook
from nbalign.notebooks.sanitise import clean_line

TEXT_CHARS = 200
EXCERPT_CHARS = 160
_LINES = 3  # of an excerpt
_LINE_CHARS = 72
_READ_LINES = 400  # of each cited cell
_READ_CELLS = 50
_READ_CHARS = 20_000


def precedents(lessons: Sequence[Lesson], load: Callable[[str], Notebook]) -> list[Precedent]:
    """The episodic memory of some lessons.

    A lesson without words or cells still is a precedent: its score counts, and its cells are then found as those of
    any other notebook are.

    Args:
        lessons: Settled scores with what raters said.
        load: Content hash -> the notebook; asked once a notebook, and only where cells are cited.

    Returns:
        One a lesson, in the order of dimension, name and hash.
    """
    once = lru_cache(maxsize=1)(load)  # one notebook in memory at a time: there may be hundreds of large ones
    found = [_precedent(lesson, once) for lesson in sorted(lessons, key=lambda lesson: lesson.notebook)]
    return sorted(found, key=lambda p: (p.dimension, p.name, p.notebook))


def _precedent(lesson: Lesson, load: Callable[[str], Notebook]) -> Precedent:
    agreeing = [remark for remark in lesson.remarks if remark.score == lesson.score]
    best = _best(agreeing)
    # Cells are cited for a score: those of a rater who gave another one show something else.
    cells = best.cells if best and best.cells else tuple(sorted({cell for r in agreeing for cell in r.cells}))
    text = clean_line(best.text, TEXT_CHARS) if best else ""
    return Precedent(
        notebook=lesson.notebook,
        name=lesson.name,
        dimension=lesson.dimension,
        score=lesson.score,
        text=text,
        cells=tuple(sorted(set(cells))),
        excerpt=excerpt(load(lesson.notebook), cells, text) if cells else "",
        sources=tuple(sorted({remark.event for remark in agreeing or lesson.remarks})),
    )


def _best(remarks: Iterable[Remark]) -> Remark | None:
    """The remark that says most within a line: a decision's reason before a rater's, then by distinct stems.

    Distinct stems rather than length: repetition and filler add nothing. Cited cells count as one more stem each, up
    to three, since a reason with its place is more concrete.
    """

    def worth(remark: Remark) -> tuple[bool, int, int]:
        said = {stem(word) for word in words(remark.text[:TEXT_CHARS])}
        return remark.role == "decision", len(said) + min(3, len(remark.cells)), -remark.event

    told = [remark for remark in remarks if clean_line(remark.text, TEXT_CHARS)]
    return max(told, key=worth) if told else None


def excerpt(notebook: Notebook, cells: Iterable[int], text: str) -> str:
    """The lines of some cells that share most with what was said of them, in their order, on one line.

    Args:
        notebook: The notebook.
        cells: Cell numbers; those that are not there are passed over.
        text: The justification.

    Returns:
        At most 160 characters, ` / ` between lines; empty where the cells hold nothing.
    """
    said = {stem(word) for word in words(text)}
    ranked: list[tuple[int, int, str]] = []
    for number in sorted(set(cells))[:_READ_CELLS]:
        if not 1 <= number <= len(notebook.cells):
            continue
        for raw in notebook.cell(number).source[:_READ_CHARS].splitlines()[:_READ_LINES]:
            line = clean_line(raw, _LINE_CHARS)
            if any(letter.isalnum() for letter in line):
                shared = len(said & {stem(word) for word in words(line)})
                ranked.append((-shared, len(ranked), line))
    # Lines without a shared word only fill an excerpt that would be empty.
    ranked = [item for item in ranked if item[0]] or ranked
    chosen: list[tuple[int, str]] = []
    for _, at, line in sorted(ranked)[: 4 * _LINES]:
        joined = " / ".join(shown for _, shown in sorted([*chosen, (at, line)]))
        if len(joined) <= EXCERPT_CHARS and line not in (shown for _, shown in chosen):
            chosen.append((at, line))
        if len(chosen) == _LINES:
            break
    return " / ".join(line for _, line in sorted(chosen))
