"""What raters, judges and deciders said of a pair, as lines."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from nbalign.judge.model import Judgement
from nbalign.labels.model import Label
from nbalign.rubrics.model import Dimension, Scale
from nbalign.tui.page import TAB, Line, lines_of, wrapped
from nbalign.tui.plain import clean, content, one_line

WHY, JUDGE, LEVELS = 0, 1, 2  # items of a page that a click acts on: one's words, the judge, from LEVELS on the scores
_BAR = 16  # cells of a full bar in the judge's distribution


def prose(text: str) -> str:
    """Clean text of several lines, without blanks at its ends."""
    return clean(text).strip().expandtabs(len(TAB))


def rule(words: str, width: int, item: int = -1) -> list[Line]:
    """A heading inside a page."""
    return lines_of(content((f"── {one_line(words)} ──", "$text-muted")), width, item)


def scored(scale: Scale, score: int) -> str:
    """A score with its name: `3 good`, `0 N/A`."""
    if score not in scale.meanings:
        return f"{score} (not on the scale)"
    name = scale.name(score)
    return str(score) if name == str(score) else f"{score} {one_line(name, 24)}"


def cells_of(cells: Sequence[int]) -> str:
    """Cited cells: `[3] [7]`."""
    return " ".join(f"[{n}]" for n in cells)


def heading(name: str, dimension: Dimension, width: int) -> list[Line]:
    """What the page is about."""
    title = content((f"{one_line(name, 80)} · {one_line(dimension.title, 60)}", "bold"))
    return [*lines_of(title, width), *lines_of(content((prose(dimension.question), "$text-muted")), width)]


def label_lines(who: str, label: Label, scale: Scale, width: int) -> list[Content]:
    """One rater's score, words and cells."""
    cells = cells_of(label.cells)
    head = content((f"{one_line(who, 40)}  ", "bold"), (scored(scale, label.score), "bold $text-accent"))
    words = prose(label.justification)
    lines = [*wrapped(head, width), *wrapped(content(words or ("no words", "$text-muted")), width)]
    return lines + (wrapped(content(("cells ", "$text-muted"), cells), width) if cells else [])


def decision_words(label: Label, scale: Scale, width: int) -> list[Content]:
    """A decision and who took it."""
    head = content((scored(scale, label.score), "bold $text-accent"), f" by {one_line(label.rater, 40)}")
    reason = prose(label.justification)
    return [*wrapped(head, width), *wrapped(content(reason or ("no reason given", "$text-warning")), width)]


def judgement_lines(judgement: Judgement, scale: Scale, width: int, against: int | None = None) -> list[Content]:
    """A judge's score with all that it says.

    Args:
        judgement: The judgement.
        scale: The scale.
        width: Columns.
        against: The score of who reads it; None when there is none.
    """
    share = judgement.probabilities.get(judgement.score, 0.0)
    found = wrapped(
        content(
            (scored(scale, judgement.score), "bold $text-accent"),
            f" · {share:.0%} sure · expected {judgement.expected:.2f}",
        ),
        width,
    )
    for value in scale.values:
        part = min(max(judgement.probabilities.get(value, 0.0), 0.0), 1.0)
        mark = "".join((" ◀ judge" if value == judgement.score else "", " ◀ you" if value == against else ""))
        found.append(content(f"{value} {'█' * round(part * _BAR):<{_BAR}} {part:4.0%}{mark}"))
    if against is not None and against != judgement.score:
        found += wrapped(content((f"≠ you say {against}, the judge {judgement.score}", "bold $text-warning")), width)
    rationale = prose(judgement.rationale)
    nothing = ("no rationale was asked for: nbalign judge --rationale", "$text-muted")
    return found + wrapped(content(rationale or nothing), width)


def levels_lines(dimension: Dimension, scale: Scale, marks: dict[int, str], width: int) -> list[Line]:
    """The rubric of a dimension; a click on a level scores it.

    Args:
        dimension: The dimension.
        scale: Its scale.
        marks: Value -> who gave it, for people.
        width: Columns.
    """
    found = rule("rubric", width)
    rest = [value for value in scale.values if value not in scale.levels]
    for value in [*sorted(scale.levels, reverse=True), *rest]:
        meaning = prose(dimension.levels.get(value, scale.meanings[value]))
        who = f"  ◀ {marks[value]}" if value in marks else ""
        text = content((f"{scored(scale, value)}  ", "bold $text-accent"), meaning, (who, "bold"))
        found += lines_of(text, width, LEVELS + value)
    return found
