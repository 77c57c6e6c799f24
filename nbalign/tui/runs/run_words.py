"""What is told of a run: of one of its notebooks and dimensions, and of all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbalign.evaluate.report.words import count, duration, line, passage, with_span
from nbalign.suite.runs.model import CaseBrief, Production
from nbalign.tui.plain import content
from nbalign.tui.runs.keys import OPEN, REVEAL
from nbalign.tui.runs.marks import HIDDEN, distribution, score_style, score_words
from nbalign.tui.runs.reading import RunShown
from nbalign.tui.runs.summary_words import made_by, summary_words
from nbalign.tui.runs.view import BLANK, Paragraph, heading

if TYPE_CHECKING:
    from nbalign.tui.runs.run_view import RunView

_PROMPT, _REASON = 3000, 3000  # characters
_NOTES = 20


def about_cell(view: RunView, row: tuple[str, int], case: CaseBrief) -> list[Paragraph]:
    """A notebook of a run and what its judge says of it in the dimension in focus."""
    made = view.production
    repeat = f", notebook {row[1]} of {view.run.repeats}" if view.run.repeats > 1 else ""
    title: list[str | tuple[str, str]] = [(f"{line(case.id, 80)}{repeat} · {view.dimension_title}: ", "bold")]
    parts: list[Paragraph] = []
    score = view.score(row, view.dimension)
    if score is not None:
        scored = view.shown.scored
        said = score_words(score.score, scored.not_applicable)
        title.append((said, f"bold {score_style(score.score, scored.levels, scored.not_applicable)}"))
        parts.append(content(*title))
        if score.rationale.strip():
            parts.append(content(passage(score.rationale, _REASON)))
        else:
            how = f"nbalign runs judge {line(view.run.name, 60)} --rationale"
            parts.append(content((f"No reason was asked for: {how}", "$text-muted")))
        if view.dimension in case.not_applicable and score.score != scored.not_applicable:
            parts.append(content(("The suite expects N/A here.", "$text-muted")))
    elif view.hides(row, view.dimension):
        parts.append(content(*title, (HIDDEN, "bold $text-accent")))
        reveal = view.key(REVEAL.id)
        why = (
            "The notebook is in your queue and you have not scored it here: what the judge says is hidden, blind first"
        )
        parts.append(content((f"{why} ({reveal} shows it).", "$text-warning")))
    else:
        parts.append(content(*title, (_unscored(made), "$text-muted")))
    parts += _made(made, view.key(OPEN.id))
    told = ", ".join(filter(None, [line(case.kind, 40), line(case.size, 40), *(line(tag, 40) for tag in case.tags)]))
    parts += [BLANK, heading(f"What was asked{f' ({told})' if told else ''}")]
    return [*parts, content(passage(case.prompt, _PROMPT) or "The case has no words.")]


def about_run(shown: RunShown, hidden: str) -> list[Paragraph]:
    """All of a run: how far it is, what it cost, its means with intervals, and what it is.

    Args:
        shown: The run.
        hidden: What is said of hidden scores; may be empty.
    """
    run = shown.scored.run
    parts: list[Paragraph] = [content((line(run.name, 60), "bold"))]
    if run.note:
        parts.append(content(passage(run.note, 2000)))
    parts += [*summary_words(shown.summary, hidden), BLANK, heading("Means with 95% intervals over cases, N/A apart")]
    for row in shown.singles.values():
        if row.side.mean is None:
            said = "N/A in every case" if row.judged else "not judged"
            parts.append(content((f"{line(row.title, 60)}: ", "bold"), said))
            continue
        true = f"; true about {with_span(row.true)}" if row.true else ""
        told = f"{with_span(row.side.mean)} over {count(row.side.cases, 'case')}{true}"
        parts.append(content((f"{line(row.title, 60)}: ", "bold"), told))
        if row.side.counts:
            parts.append(content("   ", distribution(row.side.counts, shown.scored.not_applicable)))
    if shown.error is None:
        said = "How far this judge is from raters was not measured here: nbalign evaluate does."
    else:
        measured = f"experiment {line(shown.error.experiment, 20)}, {count(shown.error.notebooks, 'labelled notebook')}"
        said = f"“True” is what raters would have settled on, as far as the judge's measured error tells ({measured})."
    return [*parts, content((said, "$text-muted")), BLANK, *made_by(run)]


def _unscored(made: Production | None) -> str:
    if made is None:
        return "not made yet"
    return "not judged yet" if made.notebook else "not made"


def _made(made: Production | None, open_key: str) -> list[Paragraph]:
    if made is None:
        return [content("The notebook is not written yet: the command that began the run goes on with it.")]
    parts: list[Paragraph] = []
    if not made.notebook:
        why = line(made.problem, 2000) or "it is not known why"
        parts.append(content(("✘ No notebook could be made: ", "bold $text-error"), why))
    else:
        tokens = f", {made.evaluated:,} tokens read, {made.generated:,} written" if made.generated else ""
        failed = f", {count(made.failed_cells, 'cell')} failed" if made.failed_cells else ""
        said = f"Written in {duration(made.seconds)}{tokens}{failed}. {open_key} shows the notebook."
        parts.append(content((said, "$text-muted")))
    parts += [content(("· ", "bold"), line(note, 300)) for note in made.notes[:_NOTES]]
    return parts
