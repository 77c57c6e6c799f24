"""One experiment as one HTML page that needs nothing else: no script, no request, nothing to install."""

from __future__ import annotations

import shlex
from typing import Any

from nbalign.evaluate.experiment.model import ExperimentResult
from nbalign.evaluate.report import chart, confusion, costs, people, tables
from nbalign.evaluate.report.cells import Citations, Excerpts, Link
from nbalign.evaluate.report.choose import roles
from nbalign.evaluate.report.rendering import environment
from nbalign.evaluate.report.verdict import verdict
from nbalign.evaluate.report.words import count, date, line, passage

_MOST_NOTES = 100
# Options of an experiment that the command takes under the same name.
_LISTS = ("arms", "ablation")
_SINGLE = ("folds", "bootstrap", "seed", "group", "rubric_checks", "guideline_checks", "evidence_tokens")


def html(result: ExperimentResult, link: Link | None = None, excerpts: Excerpts | None = None) -> str:
    """The report of an experiment: words, charts, tables, what was learned and what is still wrong.

    Everything that comes from notebooks and people is taken for hostile: it is cleaned, bounded and escaped. Where
    something is left out for its length the page says so. A Content-Security-Policy forbids the page to load or run
    anything at all.

    Args:
        result: All numbers come from it.
        link: (content hash of a notebook, number of a cell) -> where a citation of that cell leads: a relative, http,
            https or file target. Others are not used, and an empty one stands for none.
        excerpts: (content hash, cell) -> text of the cell. Cited cells without another target are shown at the end of
            the page, and their citations lead there. Cells that are in neither are cited without a link.

    Returns:
        A whole document that can be written as UTF-8; the same for the same arguments.
    """
    citations = Citations(link, excerpts)
    # Cases come first: citing is what fills the list of excerpts.
    disagreements = people.disagreements(result, citations)
    noise = people.noise(result, citations)
    context: dict[str, Any] = {
        "id": line(result.id, 40),
        "rubric": line(result.rubric, 60),
        "finished": date(result.at),
        "verdict": verdict(result),
        "panels": chart.panels(result),
        "looks": {line(arm, 40): mark for arm, mark in chart.marks(result).items()},
        "has_constant": roles(result).constant is not None,
        "chart_width": chart.WIDTH,
        "chart_left": chart.NAMES,
        "base": line(roles(result).base or "", 40),
        "errors": tables.errors(result),
        "yardsticks": tables.yardsticks(result),
        "gains": tables.gains(result),
        "gain_head": tables.GAIN_HEAD,
        "squares": confusion.squares(result),
        "legend": confusion.legend(result),
        "not_applicable": tables.not_applicable(result),
        "guidelines": people.guidelines(result),
        "guidelines_more": _more(len(result.guidelines), people.MOST_GUIDELINES, "guideline"),
        "disagreements": disagreements,
        "disagreements_more": _more(len(result.disagreements), people.MOST_CASES, "disagreement"),
        "noise": noise,
        "noise_more": _more(len(result.noise), people.MOST_CASES, "case"),
        "costs": costs.costs(result),
        "saved": costs.saved(result),
        "notes": [passage(note, 1000) for note in result.notes[:_MOST_NOTES]],
        "notes_more": _more(len(result.notes), _MOST_NOTES, "note"),
        "fallbacks": people.fallbacks(result),
        "options": _settings(result),
        "command": command(result),
        "excerpts": citations.excerpts(),
    }
    return environment("nbalign.evaluate.report").get_template("page.html.j2").render(context)


def command(result: ExperimentResult) -> str:
    """The command that repeats the experiment, quoted for a shell.

    The option `command` is taken as it is where there is one. Else the command is made of the rubric, the model and
    those options that `nbalign evaluate` has; lists are names with spaces between them.
    """
    given = result.options.get("command", "")
    if given:
        return line(given, 2000)
    words = ["nbalign", "evaluate", "--rubric", result.rubric]
    if result.model:
        words += ["--model", result.model]
    for name in (*_LISTS, *_SINGLE):
        value = result.options.get(name, "").strip()
        if value:
            words += [f"--{name.replace('_', '-')}", ",".join(value.split()) if name in _LISTS else value]
    for dimension in result.options.get("dimensions", "").split():
        words += ["--dimension", dimension]
    for notebook in result.options.get("notebooks", "").split():
        words += ["--notebook", notebook]
    return line(" ".join(shlex.quote(word) for word in words), 2000)


def _settings(result: ExperimentResult) -> list[tuple[str, str]]:
    """What an experiment depends on, by name, with the options as they were given."""
    sizes = [list(result.folds.values()).count(fold) for fold in range(result.fold_count)]
    known = [
        ("experiment", result.id),
        ("rubric", f"{result.rubric}, version {result.rubric_version}"),
        ("model", result.model or "none"),
        ("judge", result.judge or "none"),
        ("notebooks in each fold", ", ".join(str(size) for size in sizes)),
        ("folds keep together", result.grouped_by),
        ("bootstrap resamples", f"{result.bootstrap:,}"),
        ("seed", str(result.seed)),
        ("finished", date(result.at)),
    ]
    given = [(f"option {name}", value) for name, value in result.options.items() if name != "command"]
    return [(line(name, 60), line(value, 400)) for name, value in (*known, *given)]


def _more(there: int, shown: int, noun: str) -> str:
    return f"{count(there - shown, f'more {noun}')} not shown." if there > shown else ""
