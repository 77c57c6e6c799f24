"""One run as one HTML page: scores by case and dimension, distributions, failures, cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from nbalign.evaluate.experiment.bootstrap import RESAMPLES
from nbalign.evaluate.report.words import NONE, count, date, duration, line, number, passage, span, whole
from nbalign.suite.compare.comparing import UNKNOWN_ERROR, error_brief
from nbalign.suite.compare.single import Single, single
from nbalign.suite.compare.tallies import brief
from nbalign.suite.report import charts
from nbalign.suite.report.rendering import render
from nbalign.suite.runs.model import JudgeError, Production, RunScore, ScoredRun

MOST_ROWS = 500
_MOST_NOTES = 4


def run_page(
    scored: ScoredRun,
    error: JudgeError | None = None,
    names: Mapping[str, str] | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> str:
    """The page of a run. Everything from notebooks, suites and generators is cleaned, bounded and escaped.

    Args:
        scored: The run.
        error: What is known of its judge's error; None where no experiment tells.
        names: Content hash -> name of a notebook, for people; the hash itself is shown without.
        resamples: Behind each interval.
        seed: Of the resamples.

    Returns:
        A whole document; the same for the same arguments.
    """
    run = scored.run
    rows = single(scored, error, resamples=resamples, seed=seed)
    made = [one for one in scored.productions if one.notebook]
    scores: dict[tuple[str, int], dict[str, RunScore]] = {}
    for score in scored.scores:
        scores.setdefault((score.case, score.repeat), {})[score.dimension] = score
    measured = error_brief(error, [dimension for dimension, _ in scored.dimensions])
    context: dict[str, Any] = {
        "name": line(run.name, 60),
        "note": line(run.note, 300),
        "at": date(run.at),
        "facts": _facts(scored),
        "cases": count(len(run.cases), "case"),
        "made": whole(len(made)),
        "missing": whole(scored.missing),
        "failed_cells": whole(sum(one.failed_cells for one in made)),
        "clean": whole(sum(not one.failed_cells for one in made)),
        "tokens": f"{whole(sum(one.generated for one in scored.productions))} tokens written, "
        f"{whole(sum(one.evaluated for one in scored.productions))} read",
        "seconds": duration(sum(one.seconds for one in scored.productions)),
        "rows": [_row(row, scored) for row in rows],
        "bar_width": charts.BAR_WIDTH,
        "measured": measured is not None,
        "error": UNKNOWN_ERROR if measured is None else "",
        "heads": [line(title, 40) for _, title in scored.dimensions],
        "grid": _grid(scored, scores, names or {}),
        "grid_more": max(0, len(scored.productions) - MOST_ROWS),
        "problems": _problems(scored.productions),
        "resamples": f"{resamples:,}",
    }
    return render("run.html.j2", context)


def _facts(scored: ScoredRun) -> list[tuple[str, str]]:
    run = scored.run
    known = [
        ("suite", f"{run.suite} ({run.suite_sha256[:12]})"),
        ("generator", run.generator),
        ("notebooks of each case", str(run.repeats)),
        ("seed", str(run.seed)),
        ("rubric", f"{run.rubric} ({run.rubric_sha256[:12]})"),
        ("judge", brief(scored).judge),
        *((f"generator: {name}", value) for name, value in run.identity.items()),
    ]
    return [(line(name, 60), line(value, 300)) for name, value in known if value]


def _row(row: Single, scored: ScoredRun) -> dict[str, Any]:
    mean = row.side.mean
    return {
        "title": line(row.title, 60),
        "mean": number(mean.value) if mean else NONE,
        "span": span(mean),
        "true": number(row.true.value) if row.true else NONE,
        "true_span": span(row.true),
        "cases": str(row.side.cases),
        "bar": charts.bar(row.side.counts, scored.not_applicable) if row.side.counts else None,
        "sees": number(row.power.detectable) if row.power and row.power.detectable else NONE,
    }


def _grid(
    scored: ScoredRun, scores: Mapping[tuple[str, int], Mapping[str, RunScore]], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One row a notebook that was tried, in the order of the run."""
    prompts = {case.id: case.prompt for case in scored.run.cases}
    levels = list(scored.levels)
    found = []
    for made in scored.productions[:MOST_ROWS]:
        given = scores.get((made.case, made.repeat), {})
        cells = []
        for dimension, _ in scored.dimensions:
            score = given.get(dimension)
            if score is None:
                cells.append(("", "", ""))
            elif score.score == scored.not_applicable:
                cells.append(("N/A", "v0", passage(score.rationale, 600)))
            else:
                place = levels.index(score.score) if score.score in levels else 0
                cells.append(
                    (str(score.score), f"v{charts.shade_of(place, len(levels))}", passage(score.rationale, 600))
                )
        reasons = [
            (line(title, 60), cell[0], cell[2])
            for (_, title), cell in zip(scored.dimensions, cells, strict=True)
            if cell[2]
        ]
        found.append(
            {
                "case": line(made.case, 80),
                "repeat": made.repeat,
                "notebook": line(names.get(made.notebook, made.notebook[:12]), 80),
                "cells": [(text, look) for text, look, _ in cells],
                "failed": made.failed_cells,
                "problem": line(made.problem, 200),
                "prompt": passage(prompts.get(made.case, ""), 800),
                "notes": [line(note, 200) for note in made.notes[:_MOST_NOTES]],
                "reasons": reasons,
                "cost": _cost(made),
            }
        )
    return found


def _cost(made: Production) -> str:
    tokens = f", {whole(made.generated)} tokens written" if made.generated else ""
    return f"{duration(made.seconds)}{tokens}"


def _problems(productions: tuple[Production, ...]) -> list[tuple[str, str]]:
    """Why notebooks are missing, the most frequent reason first."""
    found = Counter(line(one.problem, 200) for one in productions if not one.notebook and one.problem)
    return [(problem, count(times, "notebook")) for problem, times in found.most_common(20)]
