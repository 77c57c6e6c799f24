"""A gate's verdict as Markdown, for the summary of a CI job and for comments on a change."""

from __future__ import annotations

import re

from nbalign.evaluate.report.words import NONE, line, number, p_value, signed, span
from nbalign.suite.compare.gate_model import Check, Verdict

MARKS = {"pass": "✅", "regression": "❌", "too low": "❌", "noise": "❔", "blind": "❔", "not judged": "⛔"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$])")
# What no backslash keeps from being HTML, a mention or a link.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "://": "&#58;//", "www.": "www&#46;"}


def markdown(verdict: Verdict) -> str:
    """The verdict as GitHub-flavoured Markdown: headline, a table a dimension a row, reasons, notes.

    Nothing of names and titles is read as Markdown or HTML, mentions nobody and links nowhere.
    """
    against = f" against {escaped(verdict.against)}" if verdict.against else ""
    lines = [f"### nbalign gate: {escaped(verdict.run)}{against}", "", f"**{escaped(verdict.headline, 600)}**", ""]
    if verdict.against:
        lines += [
            "| | dimension | baseline | run | change | 95% interval | adjusted p |",
            "|---|---|---|---|---|---|---|",
        ]
    else:
        lines += ["| | dimension | mean | 95% interval |", "|---|---|---|---|"]
    lines += [_row(check, bool(verdict.against)) for check in verdict.checks]
    told = [check for check in verdict.checks if check.state != "pass"]
    if told:
        lines += ["", *(f"- **{escaped(one.title)}**, {one.state}: {escaped(one.sentence, 600)}" for one in told)]
    if verdict.notes:
        lines += ["", "<details><summary>Notes</summary>", "", *(f"- {escaped(note, 600)}" for note in verdict.notes)]
        lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def escaped(text: str, limit: int = 80) -> str:
    """One clean line in which no character means anything to Markdown."""
    shown = _SPECIAL.sub(r"\\\1", line(text, limit))
    for plain, entity in _ENTITIES.items():
        shown = shown.replace(plain, entity)
    return shown


def _row(check: Check, paired: bool) -> str:
    mean = number(check.mean.value) if check.mean else NONE
    cells = [MARKS[check.state], escaped(check.title)]
    if paired:
        change = check.change
        cells += [
            number(check.baseline.value) if check.baseline else NONE,
            mean,
            signed(change.value) if change else NONE,
            span(change, sign=True) or NONE,
            p_value(check.adjusted) if change else NONE,
        ]
    else:
        cells += [mean, span(check.mean) or NONE]
    return f"| {' | '.join(cells)} |"
