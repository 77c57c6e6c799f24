"""Facts about data exploration: what is looked at before the first model, what is not, and whether words follow."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from nbalign.evidence.code import Code
from nbalign.evidence.facts.exploration import exploration_looks as looking
from nbalign.evidence.facts.exploration.exploration_kinds import (
    DIMENSION,
    FEW_WORDS,
    FINDINGS_IN_WORDS,
    KINDS,
    LOOK_FAILED,
    MISSING_COUNTED,
    MISSING_NOT_COUNTED,
    NO_EXPLORATION_ASKED,
    NO_WORDS,
    NOTHING_LOOKED_AT,
    RELATIONS_LOOKED_AT,
    RELATIONS_NOT_LOOKED_AT,
    SERIES_LOOKED_AT,
    SERIES_NOT_LOOKED_AT,
    TARGET_LOOKED_AT,
    TARGET_NOT_LOOKED_AT,
    VALUES_LOOKED_AT,
    VALUES_NOT_LOOKED_AT,
)
from nbalign.evidence.facts.exploration.exploration_looks import Look, looks_of
from nbalign.evidence.facts.exploration.exploration_words import Reading, read_words
from nbalign.evidence.facts.reading.fitting import first_fit
from nbalign.evidence.facts.reading.steps import steps_of
from nbalign.evidence.facts.reading.target import target_names, target_of
from nbalign.evidence.model import Fact
from nbalign.evidence.source import Source

__all__ = ["DIMENSION", "KINDS", "facts"]

_EXISTING = re.compile(
    r"\b(?:existing|saved|trained|pre-?trained|fitted|stored|registered|deployed)\s+(?:\w+\s+){0,2}"
    r"(?:model|classifier|regressor|pipeline|forest)|\b[\w/]+\.(?:pkl|joblib|onnx|pickle)\b",
    re.IGNORECASE,
)
_TO_TRAIN = re.compile(
    r"\b(?:train|build|fit|develop|create|explor\w+|retrain|tune|compare|analy[sz]e)\b(?! on\b.{0,20}\balready)",
    re.IGNORECASE,
)
_TO_SAVE = re.compile(r"\bsave\b|\bstore the\b|\bpersist\b", re.IGNORECASE)
_SERIES_PROMPT = re.compile(
    r"\bforecast\w*|\btime[- ]series\b|\bnext \d+ (?:hour|day|week|month|quarter|year)s?\b|\bseasonal", re.IGNORECASE
)
_SERIES_CODE = re.compile(
    r"\b(?:ARIMA|SARIMAX|AutoReg|ExponentialSmoothing|Holt|Prophet|auto_arima|VAR|seasonal_decompose|STL)$"
)
_FILLS = frozenset({"fillna", "interpolate", "ffill", "bfill", "dropna"})
_SUBSTANCE = frozenset(
    {looking.MISSING, looking.VALUES, looking.TARGET, looking.RELATION, looking.TREND, looking.SEASON}
)


def facts(source: Source) -> list[Fact]:
    """The facts of this dimension."""
    code = source.code
    fit = first_fit(code)
    prompt = source.notebook.prompt[:4000]
    if fit is None and _EXISTING.search(prompt) and not _TO_TRAIN.search(prompt) and not _TO_SAVE.search(prompt):
        return [NO_EXPLORATION_ASKED.fact("the prompt is only about using or evaluating an existing model")]
    if not steps_of(code) or not (fit or any(c.last.startswith(("read_", "load_", "fetch_")) for c in code.calls)):
        return []  # neither data nor a model: nothing can be said about exploring it
    series = is_series(code, prompt)
    target = target_of(code) or source.trace.target
    names = target_names(code) or (frozenset({target}) if target else frozenset())
    looks = looks_of(code, names, series=series)
    before = [look for look in looks if fit is None or look.order < fit.order]
    worked = [look for look in before if look.ran]
    found = _failed(source, before)
    if not any(look.what & _SUBSTANCE for look in worked):
        hows = [how for how in _hows(worked) if how != "len"]  # a length is mostly taken to compute, not to look
        shown = f"only {_listed(hows)} shown" if hows else "nothing of the data is shown"
        when = " before the first model" if fit else ""
        found.append(
            NOTHING_LOOKED_AT.fact(f"{shown}{when}: no gaps, target, distributions or relations", _cells(worked))
        )
        return found
    found += [_missing(source, worked, " before the first model" if fit else ""), _values(worked)]
    on_target = _target(worked, target, series)
    related = _series(worked) if series else _relations(worked, target)
    if on_target.kind is TARGET_NOT_LOOKED_AT and related.kind in (RELATIONS_NOT_LOOKED_AT, SERIES_NOT_LOOKED_AT):
        # One omission seen twice: without a look at the target there is nothing to set features against.
        related = related.kind.fact(related.text, related.cells, -0.15)
    found += [on_target, related]
    found.append(_words(source, worked, fit.cell if fit else len(source.notebook.cells) + 1))
    return found


def is_series(code: Code, prompt: str) -> bool:
    """Whether the task is to forecast a series, by the prompt or by the models and splits that are used."""
    return bool(_SERIES_PROMPT.search(prompt)) or any(_SERIES_CODE.search(call.name) for call in code.calls)


def _missing(source: Source, worked: list[Look], when: str) -> Fact:
    hits = [look for look in worked if looking.MISSING in look.what]
    if not hits:
        return MISSING_NOT_COUNTED.fact(f"missing values are not counted{when}")
    if late := _filled_first(source, worked):
        return MISSING_NOT_COUNTED.fact("missing values are counted only after they were filled or dropped", late)
    return MISSING_COUNTED.fact(f"missing values are looked for: {_listed(_hows(hits))}", _cells(hits))


def _values(worked: list[Look]) -> Fact:
    hits = [look for look in worked if looking.VALUES in look.what]
    if not hits:
        return VALUES_NOT_LOOKED_AT.fact("no range, summary or distribution of columns beside the target is shown")
    return VALUES_LOOKED_AT.fact(f"ranges or distributions are shown: {_listed(_hows(hits))}", _cells(hits))


def _target(worked: list[Look], target: str, series: bool) -> Fact:
    shown = f"the target {_quoted(target)}" if target else "the target"
    wanted = {looking.TARGET} | ({looking.TREND} if series else set())
    if any(look.what & wanted for look in worked):
        hits = [look for look in worked if look.what & wanted]
        return TARGET_LOOKED_AT.fact(f"{shown} is looked at by {_listed(_hows(hits))}", _cells(hits))
    whole = [look for look in worked if looking.WHOLE in look.what]
    if whole:
        text = f"the distribution or balance of {shown} is shown by describe() of the whole table at most"
        return TARGET_NOT_LOOKED_AT.fact(text, _cells(whole), -0.2)
    return TARGET_NOT_LOOKED_AT.fact(f"the distribution or balance of {shown} is not shown before the first model")


def _relations(worked: list[Look], target: str) -> Fact:
    wanted = {looking.RELATION}
    hits = [look for look in worked if look.what & wanted]
    if hits:
        return RELATIONS_LOOKED_AT.fact(f"features are set against the target by {_listed(_hows(hits))}", _cells(hits))
    named = f"the target {_quoted(target)}" if target else "the target"
    text = f"no plot, table or correlation sets features against {named} before the first model"
    return RELATIONS_NOT_LOOKED_AT.fact(text)


def _series(worked: list[Look]) -> Fact:
    hits = [look for look in worked if look.what & {looking.TREND, looking.SEASON}]
    if not hits:
        return SERIES_NOT_LOOKED_AT.fact(
            "neither the trend nor the season of the series is shown before the first model"
        )
    both = {w for look in hits for w in look.what} & {looking.TREND, looking.SEASON}
    named = (
        "trend and season"
        if len(both) == 2
        else "the trend or course over time"
        if looking.TREND in both
        else "the season"
    )
    return SERIES_LOOKED_AT.fact(
        f"{named} of the series: {_listed(_hows(hits))}", _cells(hits), 0.15 if len(both) == 2 else 0.1
    )


def _words(source: Source, worked: list[Look], until: int) -> Fact:
    substance = [look for look in worked if look.what & _SUBSTANCE]
    first = min(min(look.cells) for look in substance)
    cells = [c for c in source.notebook.cells if first <= c.number < max(until, first + 1)]
    looked = {number for look in substance for number in look.cells}
    reading = read_words(cells, {c.number: c.nodes for c in source.code.cells}, looked)
    if reading.beyond_gaps >= 3 or (reading.beyond_gaps >= 2 and reading.leads_on):
        tail = ", and what follows for the model" if reading.leads_on else ""
        return FINDINGS_IN_WORDS.fact(f"words say what the outputs show{tail}", reading.cells)
    if reading.findings:
        return FEW_WORDS.fact(_few(reading), reading.cells)
    return NO_WORDS.fact("the outputs are shown without a sentence that reads them", _cells(substance))


def _few(reading: Reading) -> str:
    if not reading.beyond_gaps:
        return "words say something on gaps or types only, nothing on the target or the relations"
    return "hardly any words read what the exploration shows"


def _failed(source: Source, before: list[Look]) -> list[Fact]:
    """The looks of the first two failed cells that show nothing because of the error."""
    found = []
    for cell in sorted({look.cell for look in before if not look.ran and look.what & _SUBSTANCE}):
        errors = [o.name[:40] or "an error" for o in source.notebook.cell(cell).outputs if o.kind == "error"]
        hows = _hows([look for look in before if look.cell == cell and not look.ran and look.what & _SUBSTANCE])
        if errors:
            found.append(LOOK_FAILED.fact(f"{_listed(hows)} shows nothing: the cell stops with {errors[0]}", [cell]))
    return found[:2]


def _filled_first(source: Source, worked: list[Look]) -> list[int]:
    """Cells of the first filling and of the first count of gaps, where the filling comes first."""
    counted = [look for look in worked if looking.MISSING in look.what]
    if not counted:
        return []
    for step in steps_of(source.code):
        if step.order >= counted[0].order:
            return []
        if not step.ran:
            continue
        for call in step.calls():
            name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            inplace = any(k.arg == "inplace" for k in call.keywords)
            if name in _FILLS and (isinstance(step.node, ast.Assign) or inplace):
                return [step.cell, counted[0].cell]
    return []


def _hows(looks: Iterable[Look]) -> list[str]:
    return list(dict.fromkeys(look.how for look in looks))


def _cells(looks: Iterable[Look]) -> list[int]:
    """The cells of some looks, at most eight."""
    return sorted({cell for look in looks for cell in look.cells})[:8]


def _listed(names: list[str], most: int = 4) -> str:
    return ", ".join(name[:24] for name in names[:most]) + (" and more" if len(names) > most else "")


def _quoted(name: str) -> str:
    return repr(name if len(name) <= 40 else name[:39] + "…")
