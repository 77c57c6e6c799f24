"""Two runs against each other as one HTML page: no script, no request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbalign.evaluate.report.words import NONE, count, date, line, number, p_value, passage, signed, span
from nbalign.suite.compare.model import Changed, Comparison, Interval, Power, Row, RunBrief
from nbalign.suite.compare.sentences import outcome, verdict
from nbalign.suite.report import charts
from nbalign.suite.report.rendering import render

MOST_CHANGED = 20


def compare_page(found: Comparison, prompts: Mapping[str, str] | None = None) -> str:
    """The page of a comparison: words, differences with both intervals, distributions, the notebooks that changed most.

    Everything that comes from notebooks, suites and judges is taken for hostile: cleaned, bounded and escaped. A
    Content-Security-Policy forbids the page to load or run anything at all.

    Args:
        found: All numbers come from it.
        prompts: Case id -> what was asked, for the notebooks that changed.

    Returns:
        A whole document; the same for the same arguments.
    """
    titles = {row.dimension: line(row.title, 60) for row in found.rows}
    several = len(found.rows) > 1
    context: dict[str, Any] = {
        "a": _run(found.a),
        "b": _run(found.b),
        "suite": line(found.suite, 60),
        "rubric": line(found.rubric, 60),
        "verdict": verdict(found),
        "chart": charts.differences(found),
        "chart_width": charts.CHART_WIDTH,
        "chart_names": charts.NAMES,
        "rows": [_row(row, found) for row in ([found.macro, *found.rows] if several else found.rows)],
        "several": several,
        "bar_width": charts.BAR_WIDTH,
        "changed": [_changed(one, found, titles, prompts or {}) for one in found.changed[:MOST_CHANGED]],
        "changed_more": max(0, len(found.changed) - MOST_CHANGED),
        "notes": [passage(note, 1000) for note in found.notes],
        "cases": count(len(found.cases), "case"),
        "resamples": f"{found.resamples:,}",
        "seed": found.seed,
        "measured": found.error is not None,
    }
    return render("compare.html.j2", context)


def power_words(power: Power | None) -> str:
    """What a comparison could see, in a cell; a dash where it could see nothing."""
    if power is None or power.detectable is None:
        return NONE
    return number(power.detectable)


def _run(run: RunBrief) -> dict[str, str]:
    return {
        "name": line(run.name, 60),
        "generator": line(run.generator, 120),
        "judge": line(run.judge, 200),
        "asked": f"{count(run.cases, 'case')}, {count(run.repeats, 'notebook')} each",
        "missing": str(run.missing),
        "at": date(run.at),
    }


def _row(row: Row, found: Comparison) -> dict[str, Any]:
    return {
        "title": line(row.title, 60),
        "a": _figure(row.a.mean),
        "b": _figure(row.b.mean),
        "bars": [charts.bar(side.counts, found.not_applicable) for side in (row.a, row.b)] if row.a.counts else [],
        "change": signed(row.judged.value) if row.judged else NONE,
        "change_span": span(row.judged, sign=True),
        "true": signed(row.true.value) if row.true else NONE,
        "true_span": span(row.true, sign=True),
        "pairs": str(row.pairs),
        "outcomes": f"{row.wins} / {row.losses} / {row.ties}",
        "na": f"{row.to_na} / {row.from_na}",
        "p": p_value(row.adjusted) if row.pairs else NONE,
        "sees": power_words(row.power),
        "outcome": outcome(row),
        "look": {"higher": "better", "lower": "worse"}.get(outcome(row), ""),
    }


def _figure(interval: Interval | None) -> tuple[str, str]:
    return (number(interval.value), span(interval)) if interval else (NONE, "")


def _changed(one: Changed, found: Comparison, titles: Mapping[str, str], prompts: Mapping[str, str]) -> dict[str, Any]:
    def shown(score: int) -> str:
        return "N/A" if score == found.not_applicable else str(score)

    said = count(one.levels, "level")
    switches = f", {count(one.switches, 'change')} between a score and N/A" if one.switches else ""
    return {
        "case": line(one.case, 80),
        "repeat": one.repeat,
        "total": f"{said}{switches}",
        "hashes": (one.notebook_a[:12], one.notebook_b[:12]),
        "prompt": passage(prompts.get(one.case, ""), 600),
        "moves": [
            {
                "title": titles.get(move.dimension, line(move.dimension, 60)),
                "before": shown(move.before),
                "after": shown(move.after),
                "why_before": passage(move.rationale_before, 1500),
                "why_after": passage(move.rationale_after, 1500),
            }
            for move in one.moves
        ],
    }
