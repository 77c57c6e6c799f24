"""How the Adjudicate room says things: its rows, the page of a conflict, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from textual.content import Content

from nbalign.align.conflicts import Conflict, Conflicts
from nbalign.align.lessons import far_apart
from nbalign.judge.model import Judgement
from nbalign.judge.reasons import citations
from nbalign.labels.model import Label
from nbalign.rubrics.model import Rubric
from nbalign.tui.page import Line, lines_of, side_by_side
from nbalign.tui.plain import content, one_line
from nbalign.tui.review.citing import Cite, cites
from nbalign.tui.review.pen import Pen
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
    scored,
)

_COLUMN = 28  # columns of the terminal that a rater's words take at least beside another's


def row_content(conflict: Conflict, covered: bool, pen: Pen, rubric: Rubric, width: int) -> Content:
    """One row: how it stands, the scores, the decision, the notebook and the dimension."""
    key, scale = conflict.key, rubric.scale
    scores = "?" if covered else "·".join(str(label.score) for label in conflict.labels)
    decision, tail = conflict.decision, " "
    if covered:
        mark, style = "◌", "$text-muted"
    elif decision is not None:
        mark, style = ("✔", "$text-success") if decision.justification.strip() else ("?", "bold $text-warning")
        scores += f"→{decision.score}"
    else:
        mark, style = ("‼", "bold $text-error") if conflict.apart >= far_apart(scale) else ("≠", "bold $text-warning")
    if conflict.scored_since and not covered:
        tail = "!"
    tail = "✗" if key in pen.failed else "…" if key in pen.pending else "✎" if pen.is_draft(key) else tail
    head = content((mark, style), f" {scores:<5} ")
    room = max(width - head.cell_length - 2, 4)
    name = content(one_line(conflict.name.removesuffix(".ipynb"), 60))
    name = name.truncate(max(room - 8, room * 6 // 10), ellipsis=True)
    rest = max(room - name.cell_length - 1, 0)
    title = rubric.dimension(conflict.dimension).title
    what = content((one_line(title, 60), "$text-muted")).truncate(rest, ellipsis=True)
    return content(head, name, " ", what, " " * max(rest - what.cell_length, 0), f" {tail}")


def cites_of(conflict: Conflict, rater: str, pen: Pen, judgement: Judgement | None) -> tuple[Cite, ...]:
    """The cells that raters, the decision and, where it shows, the judge cite."""
    said: list[tuple[str, Sequence[int]]] = [(_who(label, rater), label.cells) for label in conflict.labels]
    said.append(("your decision", pen.words_of(conflict.key).cells))
    decision = conflict.decision
    if decision is not None and decision.rater != rater:
        said.append((f"the decision of {decision.rater}", decision.cells))
    if judgement is not None:
        said.append(("the judge", citations(judgement.rationale)))
    return cites(said)


def conflict_lines(
    conflict: Conflict, rater: str, pen: Pen, rubric: Rubric, judge: Sequence[Content], why_key: str, width: int
) -> list[Line]:
    """The page of a conflict.

    Args:
        conflict: The conflict.
        rater: Who sits here.
        pen: Their decisions and reasons.
        rubric: The rubric.
        judge: What is said of the judge, or how one asks for it.
        why_key: The key that opens the field for the reason.
        width: Columns.
    """
    scale, dimension = rubric.scale, rubric.dimension(conflict.dimension)
    lines = heading(conflict.name, dimension, width)
    lines += rule(f"{len(conflict.labels)} raters", width)
    # The one who sits here comes first.
    labels = sorted(conflict.labels, key=lambda label: label.rater != rater)
    columns = [partial(label_lines, _who(label, rater), label, scale) for label in labels]
    lines += [Line(each) for each in side_by_side(columns, width, _COLUMN)]
    if conflict.settled is not None:
        lines += lines_of(content((f"most, or the middle: {scored(scale, conflict.settled)}", "$text-muted")), width)
    lines += _decision_lines(conflict, rater, pen, rubric, why_key, width)
    lines += rule("judge", width, JUDGE)
    lines += [Line(each, JUDGE) for each in judge]
    marks: dict[int, str] = {}
    for label in labels:
        who = one_line(label.rater, 20)
        marks[label.score] = f"{marks[label.score]}, {who}" if label.score in marks else who
    return lines + levels_lines(dimension, scale, marks, width)


def _decision_lines(conflict: Conflict, rater: str, pen: Pen, rubric: Rubric, why_key: str, width: int) -> list[Line]:
    scale, key = rubric.scale, conflict.key
    words = pen.words_of(key)
    lines = rule(f"decision: why? ({why_key}){pen.words_state(key)}", width, WHY)
    mine = pen.score_of(key)
    if mine is None and key not in pen.failed:
        others = conflict.decision is not None
        lines += lines_of(content(("none of yours" if others else "none yet: a digit decides", "bold")), width, WHY)
    else:
        state, style = pen.state(key)
        name = scale.name(mine) if mine is not None and mine in scale.meanings else ""
        lines += lines_of(content((state, style), f"  {one_line(name, 24)} · yours"), width, WHY)
    if words.text:
        lines += lines_of(content(prose(words.text)), width, WHY)
    elif mine is not None:
        lines += lines_of(
            content(("? without a reason: say why, raters and judges learn from it", "$text-warning")), width, WHY
        )
    if words.cells:
        lines += lines_of(content(("cells ", "$text-muted"), cells_of(words.cells)), width, WHY)
    for label in reversed(conflict.decisions):
        if label.rater != rater:
            counts = "this one counts:" if label is conflict.decision else "an earlier one:"
            lines += lines_of(content((counts, "$text-muted")), width)
            lines += [Line(each) for each in decision_words(label, scale, width)]
    if conflict.scored_since:
        lines += lines_of(content(("! a rater has scored this again since it was decided", "$text-warning")), width)
    return lines


def judge_lines(
    judgement: Judgement | None, shows: bool, known: bool, rubric: Rubric, key_name: str, width: int
) -> list[Content]:
    """What is said of the judge.

    Args:
        judgement: The latest judgement, or None.
        shows: Whether it is to be seen: once it is decided, or asked for.
        known: Whether it was read.
        rubric: The rubric.
        key_name: The key that shows it.
        width: Columns.
    """
    if not shows:
        return [content((f"hidden until you decide ({key_name} shows it)", "$text-muted"))]
    if judgement is None:
        return [content(("no judge has scored this yet: nbalign judge" if known else "reading …", "$text-muted"))]
    name = content((one_line(judgement.judge, 80), "$text-muted")).truncate(width, ellipsis=True)
    return [name, *judgement_lines(judgement, rubric.scale, width)]


def covered_lines(conflict: Conflict, rubric: Rubric, keys: Mapping[str, str], width: int) -> list[Line]:
    """The page of a conflict that who sits here has not scored.

    Args:
        conflict: The conflict.
        rubric: The rubric.
        keys: The keys `open` and `uncover`.
        width: Columns.
    """
    words = (
        "Raters differ here, and you have not scored it. Their scores stay covered, so that yours is your own.",
        f"{keys['open']} goes there to score it. {keys['uncover']} shows this and all others: for one who decides and "
        "does not score.",
    )
    lines = heading(conflict.name, rubric.dimension(conflict.dimension), width)
    for each in words:
        lines += [Line(Content("")), *lines_of(content(each), width)]
    return lines


def nothing_lines(found: Conflicts | None, label_key: str, width: int) -> list[Line]:
    """Why there is no conflict, and what could bring one.

    Args:
        found: What was read; None while it is being read.
        label_key: The key of the labelling room.
        width: Columns.
    """
    if found is None:
        return lines_of(content(("reading …", "$text-muted")), width)
    purpose = "Here raters' scores and words stand side by side where they differ, and somebody decides and says why."
    again = "A second person labels with nbalign tui --rater NAME, or brings scores: nbalign label import FILE"
    if not found.raters:
        title, todo = "Nobody has scored anything yet.", f"{label_key} goes to the labelling room."
    elif len(found.raters) == 1:
        title, todo = f"Only one rater so far: {one_line(found.raters[0], 40)}.", again
    elif not found.compared:
        title, todo = "The raters have scored nothing in common.", "They can differ only on what two of them scored."
    else:
        title = f"No conflicts: on all {found.compared:,} pairs that two or more raters scored they agree."
        todo = "Nothing is left to decide."
    lines = [*lines_of(content((title, "bold")), width), Line(Content("")), *lines_of(content(purpose), width)]
    return [*lines, Line(Content("")), *lines_of(content(todo), width)]


def _who(label: Label, rater: str) -> str:
    return f"{one_line(label.rater, 30)} (you)" if label.rater == rater else one_line(label.rater, 30)
