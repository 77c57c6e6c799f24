"""A run in a few sentences: how far it is, what it scored, what went wrong, what it cost, what made it."""

from __future__ import annotations

from nbalign.evaluate.report.words import count, duration, line, number
from nbalign.suite.compare.tallies import judge_of
from nbalign.suite.runs.model import Run
from nbalign.tui.plain import content
from nbalign.tui.runs.reading import Summary
from nbalign.tui.runs.view import Paragraph, heading

_IDENTITY = 20  # entries of what decides a generator's notebooks that are shown
_PROBLEMS = 8


def summary_words(told: Summary, hidden: str) -> list[Paragraph]:
    """A run in figures.

    Args:
        told: The figures.
        hidden: What is said of hidden scores; may be empty.
    """
    parts: list[Paragraph] = [content(progress(told)), content(cost(told))]
    for problem, times in list(told.problems.items())[:_PROBLEMS]:
        said = line(problem, 300) or "it is not known why"
        parts.append(content((f"✘ {count(times, 'notebook')} not made: ", "bold $text-error"), said))
    if len(told.problems) > _PROBLEMS:
        parts.append(content(f"… and {count(len(told.problems) - _PROBLEMS, 'other reason')}"))
    means = " · ".join(f"{line(title, 40)} {number(mean)}" for title, mean in told.means.items() if mean is not None)
    if means:
        parts.append(content(("Means, N/A left out: ", "bold"), means))
    if hidden:
        parts.append(content((hidden, "$text-warning")))
    return parts


def progress(told: Summary) -> str:
    """How far a run is."""
    said = f"{told.made:,} of {count(told.asked, 'notebook')} made, {told.judged:,} judged."
    if told.made < told.asked:
        said += " The command that began it goes on with the rest."
    elif told.judged < told.made:
        said += " nbalign runs judge goes on with the rest."
    return said


def cost(told: Summary) -> str:
    """What the notebooks cost, and how many of their cells failed."""
    said = [f"Written in {duration(told.seconds)}"]
    if told.generated or told.evaluated:
        said.append(f"{told.evaluated:,} tokens read and {told.generated:,} written by the local model")
    said.append(f"{count(told.failed_cells, 'cell')} failed" if told.failed_cells else "no cell failed")
    return "; ".join(said) + "."


def made_by(run: Run) -> list[Paragraph]:
    """What decides what a run is."""
    known = [
        ("suite", f"{line(run.suite, 60)} ({count(len(run.cases), 'case')}, {count(run.repeats, 'notebook')} each)"),
        ("generator", line(run.generator, 120)),
        *((line(name, 40), line(value, 200)) for name, value in list(run.identity.items())[:_IDENTITY]),
        ("seed", str(run.seed)),
        ("judge", line(judge_of(run), 200)),
        ("rubric", line(run.rubric, 60)),
        ("begun", f"{line(run.at[:16].replace('T', ' '), 16)} UTC"),
    ]
    return [heading("What it is"), *(content((f"{name}: ", "$text-muted"), value) for name, value in known if value)]
