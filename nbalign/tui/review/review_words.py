"""How the Review room says things: the line above the list, its rows, the page of a pair, and why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.content import Content
from textual.style import Style

from nbalign.evaluate.review import Reviewed
from nbalign.judge.reasons import citations
from nbalign.rubrics.model import Rubric
from nbalign.tui.actions import Action, key_name
from nbalign.tui.page import Line, lines_of
from nbalign.tui.plain import clean, content, one_line
from nbalign.tui.review import keys
from nbalign.tui.review.citing import Cite, cites
from nbalign.tui.review.pen import Pen
from nbalign.tui.review.reading import Filter, Reading
from nbalign.tui.review.words import (
    JUDGE,
    WHY,
    cells_of,
    decision_words,
    heading,
    judgement_lines,
    label_lines,
    levels_lines,
    prose,
    rule,
)

KeysOf = Callable[[Action], list[str]]


def clickable(words: str, action: str, style: str = "") -> Content:
    """Words that run an action of the screen when they are clicked."""
    return content((words, style) if style else words).stylize(Style.from_meta({"@click": f"screen.{action}"}))


def head_line(reading: Reading, shown: int, which: Filter, rubric: Rubric, agreement: bool, keys_of: KeysOf) -> Content:
    """The line above the list: the two sections, and which pairs are listed.

    Args:
        reading: What was read.
        shown: How many pairs are listed.
        which: Which ones.
        rubric: The rubric.
        agreement: Whether the figures are in view instead of the pairs.
        keys_of: The keys of an action as they are now.
    """

    def part(action: Action, words: str, on: bool = False) -> Content:
        return clickable(f"{key_name(keys_of(action)[0])} {words}", action.name, "bold $text-accent" if on else "")

    here, there = "bold reverse", "$text-accent"
    line = content(
        clickable(f" Pairs {shown:,} ", "pairs_section", there if agreement else here),
        " ",
        clickable(" Agreement ", "agreement_section", here if agreement else there),
        "  ",
    )
    judge = one_line(reading.judge, 40) or "no judge yet"
    place = reading.judges.index(reading.judge) + 1 if reading.judge in reading.judges else 0
    several = f" ({place} of {len(reading.judges)})" if len(reading.judges) > 1 else ""
    beside = part(keys.NEXT_JUDGE, judge + several)
    if agreement:
        return content(line, beside)
    title = one_line(rubric.dimension(which.dimension).title, 24) if which.dimension else "all dimensions"
    parts = [
        part(keys.DIMENSION, title, bool(which.dimension)),
        part(keys.DIFFER, f"[{'x' if which.differ else ' '}] differ", which.differ),
        part(keys.WORDLESS, f"[{'x' if which.wordless else ' '}] no words", which.wordless),
        part(keys.FIND, f"“{one_line(which.name, 16)}”" if which.name else "name", bool(which.name)),
        beside,
    ]
    for n, each in enumerate(parts):
        line = content(line, " · " if n else "", each)
    return line


def row_content(row: Reviewed, pen: Pen, title: str, width: int) -> Content:
    """One row: your score, the judge's, how far apart, the notebook, the dimension, and whether there are words."""
    mine = pen.score_of(row.key)
    if mine is None:
        scores, mark, style = "_·?", " ", ""
    else:
        scores = f"{mine}·{row.judgement.score}"
        mark, style = ("‼", "bold $text-error") if row.far else ("≠", "bold $text-warning") if row.apart else ("=", "")
    tail = (
        "✗" if row.key in pen.failed else "…" if row.key in pen.pending else "✎" if pen.words_of(row.key).text else " "
    )
    room = max(width - 8, 4)
    name = content(one_line(row.name.removesuffix(".ipynb"), 60)).truncate(max(room - 8, room * 6 // 10), ellipsis=True)
    rest = max(room - name.cell_length - 1, 0)
    what = content((one_line(title, 60), "$text-muted")).truncate(rest, ellipsis=True)
    gap = " " * max(rest - what.cell_length, 0)
    return content(f"{scores} ", (mark, style), " ", name, " ", what, f"{gap} ", (tail, "bold"))


def cites_of(row: Reviewed, pen: Pen, judge_words: str) -> tuple[Cite, ...]:
    """The cells cited by anybody, while the rater has a score; the judge's are those its rationale names."""
    said = [("you", pen.words_of(row.key).cells)]
    if row.key in pen.labels:
        said.append(("the judge", citations(judge_words)))
        said += [(other.rater, other.cells) for other in row.others]
        if row.decision is not None:
            said.append((f"the decision of {row.decision.rater}", row.decision.cells))
    return cites(said)


def pair_lines(row: Reviewed, pen: Pen, rubric: Rubric, judge: str, why_key: str, width: int) -> list[Line]:
    """The page of a pair; nothing of others on it while the rater has no score.

    Args:
        row: The pair.
        pen: The rater's scores and words.
        rubric: The rubric.
        judge: Name of the judge.
        why_key: The key that opens the field for words.
        width: Columns.
    """
    scale, dimension = rubric.scale, rubric.dimension(row.dimension)
    lines = heading(row.name, dimension, width)
    mine, words = pen.score_of(row.key), pen.words_of(row.key)
    lines += rule(f"you: why? ({why_key}){pen.words_state(row.key)}", width, WHY)
    state, style = pen.state(row.key)
    name = one_line(scale.name(mine), 24) if mine is not None and mine in scale.meanings else ""
    lines += lines_of(content((state, style), f"  {name if name != str(mine) else ''}"), width, WHY)
    empty = ("no words yet: a line of why helps most", "$text-warning" if row.apart else "$text-muted")
    lines += lines_of(content(prose(words.text) or empty), width, WHY)
    if words.cells:
        lines += lines_of(content(("cells ", "$text-muted"), cells_of(words.cells)), width, WHY)
    if row.key not in pen.labels:
        hidden = "You have not scored this any more: the judge and the others are hidden until you do."
        return [*lines, Line(Content("")), *lines_of(content((hidden, "bold")), width)]
    lines += rule(f"judge: {judge}", width, JUDGE)
    lines += [Line(each, JUDGE) for each in judgement_lines(row.judgement, scale, width, mine)]
    if row.decision is not None:
        lines += rule("decision", width)
        lines += [Line(each) for each in decision_words(row.decision, scale, width)]
    if row.others:
        lines += rule("other raters", width)
        for other in row.others:
            lines += [Line(each) for each in label_lines(clean(other.rater), other, scale, width)]
    return lines + levels_lines(dimension, scale, _marks(row, mine), width)


def _marks(row: Reviewed, mine: int | None) -> dict[int, str]:
    marks: dict[int, list[str]] = {}
    for score, who in ((mine, "you"), (row.judgement.score, "judge")):
        if score is not None:
            marks.setdefault(score, []).append(who)
    return {score: ", ".join(who) for score, who in marks.items()}


def nothing_lines(reading: Reading | None, which: Filter, key_names: Mapping[str, str], width: int) -> list[Line]:
    """Why no pair is listed, and what brings one.

    Args:
        reading: What was read; None while it is being read.
        which: Which pairs are listed.
        key_names: The keys that lead further: `label`, `models` (rooms) and `leave`.
        width: Columns.
    """
    if reading is None:
        return lines_of(content(("reading …", "$text-muted")), width)
    purpose = (
        "Here your scores stand beside the judge's, the furthest apart first: say there why, and the judge learns."
    )
    if reading.rows and which:
        title, todo = "No pair fits.", f"{key_names['leave']} shows all {len(reading.rows):,} of them again."
    elif not reading.scored:
        title = "You have scored nothing yet."
        todo = f"{key_names['label']} goes to the labelling room. What you have not scored stays hidden here."
    elif not reading.judges:
        title = "No judge has scored anything yet."
        todo = f"Start one from the models' room ({key_names['models']}), or in a shell: nbalign judge"
    else:
        title = "You and this judge have scored nothing in common."
        todo = "Let it judge what you have scored (nbalign judge), or score what it has judged."
    return [
        *lines_of(content((title, "bold")), width),
        Line(Content("")),
        *lines_of(content(purpose), width),
        Line(Content("")),
        *lines_of(content(todo), width),
    ]
