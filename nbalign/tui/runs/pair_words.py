"""What is told of a comparison: of a dimension, of notebooks that changed, and of all of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual.content import Content

from nbalign.evaluate.report.words import NONE, count, line, number, p_value, passage, with_span
from nbalign.suite.compare.model import MACRO, Changed, Comparison, Move, Row, Side
from nbalign.suite.compare.sentences import verdict
from nbalign.tui.page import side_by_side, wrapped
from nbalign.tui.plain import content
from nbalign.tui.runs.marks import ALIKE, HIGHER, LOWER, distribution, score_style, score_words
from nbalign.tui.runs.view import BLANK, Paragraph, heading

_REASON, _PROMPT = 2000, 800  # characters
_LEAST = 30  # columns of a reason beside another one


def about_row(row: Row, found: Comparison) -> list[Paragraph]:
    """A dimension: both means, their difference with both intervals, and what it could have seen."""
    parts: list[Paragraph] = [content((f"{line(row.title, 60)}: ", "bold"), *_told(row))]
    for name, side in ((found.a.name, row.a), (found.b.name, row.b)):
        parts.append(_side(name, side, found.not_applicable))
    if row.judged is not None:
        said = f"Change as judged {with_span(row.judged, sign=True)}, the interval over cases alone. "
        if row.true is not None:
            said += f"With the judge's error in it, the true change is about {with_span(row.true, sign=True)}."
        else:
            said += "The judge's error was not measured here, so it is in no interval."
        parts.append(content(said))
    over = " (over all dimensions, case by case)" if row.dimension == MACRO else ""
    parts.append(
        content(
            f"Higher in {count(row.wins, 'case')}, lower in {row.losses:,}, equal in {row.ties:,}{over}; "
            f"{count(row.pairs, 'case')} with a score in both."
        )
    )
    if row.to_na or row.from_na:
        parts.append(content(f"{row.to_na} from a score to N/A, {row.from_na} from N/A to a score: in no difference."))
    if row.power is not None and row.power.detectable is not None:
        seen = (
            f"{count(row.power.cases, 'case')} show a change of {number(row.power.detectable)} four times out of five."
        )
        parts.append(content((seen, "$text-muted")))
    return parts


def _told(row: Row) -> tuple[str | tuple[str, str], ...]:
    if row.judged is None:
        return ("no case has a score in both runs, so there is nothing to compare.",)
    tested = f"p {p_value(row.adjusted)}" + ("" if row.dimension == MACRO else " after Holm's correction")
    if not row.significant:
        return ((f"{ALIKE} not told apart from noise", "bold"), f" ({tested}).")
    higher = row.judged.value > 0
    mark = f"{HIGHER} higher" if higher else f"{LOWER} lower"
    style = "$text-success" if higher else "$text-error"
    return ((f"{mark} by more than chance explains", f"bold {style}"), f" ({tested}).")


def _side(name: str, side: Side, not_applicable: int | None) -> Content:
    mean = f"{with_span(side.mean)} over {count(side.cases, 'case')}" if side.mean is not None else f"{NONE}, no score"
    counts = content("  ", distribution(side.counts, not_applicable)) if side.counts else ""
    return content((f"{line(name, 60)}: ", "bold"), mean, counts)


def about_changed(row: Changed, found: Comparison, prompt: str, open_key: str) -> list[Paragraph]:
    """The notebooks of a case that changed: both scores and both reasons, side by side.

    Args:
        row: The notebooks.
        found: The comparison.
        prompt: What was asked.
        open_key: The key that opens either notebook.
    """
    titles = {each.dimension: each.title for each in found.rows}
    several = found.a.repeats > 1 or found.b.repeats > 1
    name = f"{line(row.case, 80)}{f', notebook {row.repeat}' if several else ''}"
    switches = f", {count(row.switches, 'change')} between a score and N/A" if row.switches else ""
    told = f": {count(row.levels, 'level')} apart in all{switches}. {open_key} opens either notebook."
    parts: list[Paragraph] = [content((name, "bold"), told)]
    for move in row.moves:
        before, after = (_score(score, found) for score in (move.before, move.after))
        title = line(titles.get(move.dimension, move.dimension), 60)
        parts.append(content((f"{title}: ", "bold $text-accent"), before, " → ", after))
        parts.append(partial(_reasons, move, (line(found.a.name, 40), line(found.b.name, 40))))
    if prompt:
        parts += [BLANK, heading("What was asked"), content(passage(prompt, _PROMPT))]
    return parts


def _reasons(move: Move, names: tuple[str, str], width: int) -> Sequence[Content]:
    if not move.rationale_before.strip() and not move.rationale_after.strip():
        return wrapped(
            content(("  No reasons were asked for: nbalign runs judge NAME --rationale", "$text-muted")), width
        )

    def column(name: str, words: str, wide: int) -> Sequence[Content]:
        said = passage(words, _REASON) or "no reason was asked for"
        return wrapped(content((f"{name}: ", "bold"), said), wide)

    sides = zip(names, (move.rationale_before, move.rationale_after), strict=True)
    return side_by_side([partial(column, name, words) for name, words in sides], width, _LEAST)


def _score(score: int, found: Comparison) -> tuple[str, str]:
    style = score_style(score, found.levels, found.not_applicable)
    return score_words(score, found.not_applicable), f"bold {style}".replace("bold bold", "bold")


def about_pair(found: Comparison) -> list[Paragraph]:
    """What came of a comparison in sentences, how far it can be trusted, and who was compared."""
    parts: list[Paragraph] = [heading("What came of it"), *(content(said) for said in verdict(found))]
    if found.notes:
        parts += [BLANK, heading("What to know"), *(content(passage(note, 1000)) for note in found.notes)]
    parts += [BLANK, heading("What was compared")]
    for run in (found.a, found.b):
        asked = f"{count(run.cases, 'case')}, {count(run.repeats, 'notebook')} each, {run.missing:,} missing"
        said = f"{line(run.generator, 120)}; {asked}; judged by {line(run.judge, 200)}"
        parts.append(content((f"{line(run.name, 60)}: ", "bold"), said))
    marks = f"{HIGHER} {LOWER} more than chance explains (p < 0.05 after Holm's correction), {ALIKE} not told apart."
    counts = "+/-/= cases higher, lower, equal in the second run. N/A +/-: cases to N/A, and from N/A."
    how = f"Change is second minus first. {found.resamples:,} resamples of whole cases behind each interval."
    return [*parts, BLANK, heading("Marks"), content(marks), content(counts), content(how)]
