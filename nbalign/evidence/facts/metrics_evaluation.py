"""Facts about metrics evaluation: which metrics, on which rows, beside what, and whether the words are true of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nbalign.evidence.facts.metrics import metrics_kinds as k
from nbalign.evidence.facts.metrics.claim_checks import claim_facts
from nbalign.evidence.facts.metrics.claims import Sentence, sentences
from nbalign.evidence.facts.metrics.class_balance import class_balance
from nbalign.evidence.facts.metrics.confusion import matrices
from nbalign.evidence.facts.metrics.error_looks import error_looks
from nbalign.evidence.facts.metrics.measured import Results, read_results
from nbalign.evidence.facts.metrics.measures import scorings
from nbalign.evidence.facts.metrics.metric_fit import metric_names, slip_facts, suited_facts
from nbalign.evidence.facts.metrics.metric_hand import measured_otherwise, printed_baseline
from nbalign.evidence.facts.metrics.metric_names import WRITTEN, title
from nbalign.evidence.facts.metrics.shown_numbers import Shown, all_numbers, shown_numbers
from nbalign.evidence.facts.reading.error_signs import may_look_at_errors
from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

DIMENSION = k.DIMENSION
KINDS: tuple[Kind, ...] = k.KINDS

_MODELLING = re.compile(
    r"\b(?:predict\w*|classif\w*|forecast\w*|train\w*|model\w*|regress\w*|estimat\w*|detect\w*|recogni[sz]\w*|scor\w*|"
    r"cluster\w*|segment\w*|recommend\w*|likely|evaluat\w*|accura\w*|tune\w*|benchmark\w*|baseline|choose|rank\w*|"
    r"learn\w*|anomal\w*|valu(?:e|ation)s?|guess\w*|infer\w*)\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\b(?:baselines?|dummy|naive|majority|always (?:saying|predicting|guessing|naming)|guess\w*|by chance|no[- ]skill|"
    r"persistence|the mean|base rate|random(?! (?:forests?|search|state|seeds?|splits?|trees?))|"
    r"null (?:model|accuracy|rmse))\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d\.\d|\d\s?%|\bper ?cent\b")
_FAR = 8  # cells after the last number in which weaker words still count as a reading


def facts(source: Source) -> list[Fact]:
    """The facts of this dimension."""
    shown = shown_numbers(source.notebook)
    arrays = matrices(source.notebook)
    words = sentences(source.notebook)
    results = read_results(source, shown)
    balance = class_balance(source, shown, arrays)
    if not results.any:
        return list(_nothing(source, results))
    found = list(_rows(results))
    in_sample = any(f.kind in (k.TRAINING, k.FITTED, k.ALL_ROWS) for f in found)
    if not in_sample:
        found += _which(source, results)
        found += _beside(source, results, words)
        found += _errors(source, results)
    found += _failed(results)
    unsuited = list(suited_facts(source, results, balance))
    found += unsuited
    found += slip_facts(source)
    claims = list(claim_facts(words, shown, arrays, all_numbers(source.notebook), balance))
    found += claims
    # What is read out of accuracy alone where the classes are unequal says little, however it is worded.
    hollow = in_sample or any(f.kind in (k.UNEQUAL, k.RARE) for f in unsuited)
    read = _read(results, words, claims, in_sample=in_sample)
    found += (f for f in read if not (hollow and f.kind is k.READING))
    return found


def _nothing(source: Source, results: Results) -> Iterator[Fact]:
    """No metric at all: out of place, or missing."""
    asked = _MODELLING.search(source.notebook.prompt)
    if results.failed:
        yield k.ALL_FAILED.fact("every metric that is called raises an error, so no result is shown", results.failed)
    elif results.fitted and not results.supervised:
        yield k.NOTHING.fact(
            "clusters or factors are fitted, but nothing measures how good they are", results.fitted, -0.4
        )
    elif results.fitted:
        if measured_otherwise(source):
            return
        yield k.NOTHING.fact("a model is fitted, but no metric is computed on any rows", results.fitted)
    elif not asked:
        if source.code.unread or not source.notebook.language.startswith("python"):
            return  # a model may well stand in what could not be read
        yield k.NOT_ASKED.fact("no model is asked for and none is fitted, so nothing can be evaluated")
    elif not source.code.unread and source.notebook.language.startswith("python"):
        yield k.NOTHING.fact("no model is fitted and no metric is computed, although the task asks for one")


def _rows(results: Results) -> Iterator[Fact]:
    """On which rows the metrics stand."""
    held, own, unknown = results.on("held out"), results.in_sample, results.unknown
    if held or (results.shown_on("test") and not own):
        cells = {m.cell for m in held} or {s.cell for s in results.shown_on("test")}
        yield k.HELD_OUT.fact(f"{metric_names(results.names(held))} computed on held-out rows", cells)
        if own:
            yield k.BOTH.fact("training numbers stand beside the held-out ones", {m.cell for m in own})
    elif own and not unknown:
        cv = ", cross-validation aside" if results.cross_validated else ""
        names, cells = metric_names(results.names(own)), {m.cell for m in own}
        kinds = {m.on for m in own}
        logged = any(m.on == "held out" for m in results.logged)
        end = "; held-out numbers are only logged" if logged else "; no held-out number is shown"
        if "train" in kinds:
            where = "training rows" if kinds == {"train"} else "training rows or all rows"
            only = " only" if kinds == {"train"} and not (results.logged or results.by_hand) else ""
            yield k.TRAINING.fact(f"{names} computed on {where}{only}{cv}{end}", cells)
        elif "fitted" in kinds:
            end = end if logged else ", not on unseen rows"
            yield k.FITTED.fact(f"{names} computed on rows the model was fitted on{cv}{end}", cells)
        else:
            end = end if logged else ""
            yield k.ALL_ROWS.fact(f"{names} computed on all rows, training rows included{cv}{end}", cells)
    elif results.cross_validated and not own and not unknown:
        yield k.CV_ONLY.fact("scores come from cross-validation alone; no separate test rows are scored")
    elif unknown or results.shown_on(""):
        yield k.SOMEWHERE.fact(
            f"{metric_names(results.all_names)} computed; on which rows cannot be told", results.cells
        )


def _which(source: Source, results: Results) -> Iterator[Fact]:
    names = results.all_names
    cells = results.cells
    if len(names) > 1 or "report" in names:
        yield k.SEVERAL.fact(f"several metrics: {metric_names(names)}", cells)
    elif len(names) == 1:
        where = _single_on(source, results, names)
        if where is not None:
            yield k.SINGLE.fact(f"a single metric{where}: {metric_names(names)}", cells)


def _single_on(source: Source, results: Results, names: frozenset[str]) -> str | None:
    """Where a single metric is the only one; None when cross-validation takes others and there is nothing else."""
    others = scorings(source) - names
    if not results.measures:
        return None if others else " is shown" if results.cross_validated else ""
    if others or (results.cross_validated and not scorings(source)):
        held = results.names(results.on("held out"))
        return " on held-out rows" if held and held <= names else ", cross-validation aside"
    return " is shown" if results.names(results.logged) - names else ""


def _beside(source: Source, results: Results, words: Iterable[Sentence]) -> Iterator[Fact]:
    """Baselines beside the model."""
    final = [
        s
        for s in results.shown
        if s.baseline and s.rows not in ("cv", "train") and s.metric not in ("support", "error")
    ]
    models = {s.metric for s in results.shown if not s.baseline and s.rows not in ("cv", "train")}
    beside = [s for s in final if s.metric in models]
    if beside or final:
        one = (beside or final)[0]
        where = " beside the model" if beside else " is shown"
        text = f"baseline {_quote(one.owner)}{where}: {title(one.metric)} {one.value:g}"
        yield k.BASELINE.fact(text, {s.cell for s in beside or final})
        return
    said = [
        s
        for s in words
        if s.cell >= results.first and _REFERENCE.search(s.text) and s.compares and re.search(r"\d", s.text)
    ]
    if said:
        yield k.BASELINE.fact("the words set the result against a baseline's number", {s.cell for s in said})
        return
    measured = results.baselines
    if results.unsupervised:
        return
    if measured and (not results.shown or results.baseline_apart):
        yield k.BASELINE.fact("a baseline is measured like the model", measured)
    elif cells := {s.cell for s in results.shown if s.baseline and s.rows == "cv"}:
        yield k.BASELINE_ELSEWHERE.fact(
            "a baseline's number is shown in cross-validation only, none on held-out rows", cells
        )
    elif measured:
        text = "a baseline is measured, but its number is not shown beside the model's"
        yield k.BASELINE_ELSEWHERE.fact(text, measured)
    elif printed := printed_baseline(source, results.first):
        yield k.BASELINE.fact(f"the number of a baseline is printed: {printed[0]}", [printed[1]])
    else:
        yield k.NO_BASELINE.fact(
            "no baseline (dummy, mean, last value, majority) stands beside the numbers", results.cells
        )


def _errors(source: Source, results: Results) -> Iterator[Fact]:
    looks = error_looks(source)
    deep = [look for look in looks if not look.plot]
    if deep:
        what = list(dict.fromkeys(look.what for look in deep))[:3]
        yield k.ERRORS.fact(f"errors are looked at: {', '.join(what)}", {look.cell for look in deep})
    elif looks:
        more = "" if may_look_at_errors(source) else "; no errors by class or group"
        yield k.PLOTTED.fact(f"predictions are plotted against the truth{more}", {x.cell for x in looks})
    elif not results.unsupervised and not may_look_at_errors(source):
        yield k.NO_ERRORS.fact("no look at errors: no confusion matrix, residuals or errors by group")


def _failed(results: Results) -> Iterator[Fact]:
    if results.failed:
        yield k.FAILED.fact("a metric or its plot raises an error and shows nothing", results.failed)


def _read(results: Results, words: Iterable[Sentence], claims: Iterable[Fact], *, in_sample: bool) -> Iterator[Fact]:
    """Whether words after the numbers read them."""
    if any(fact.kind in (k.CONTRADICTED, k.PRAISED) for fact in claims):
        return
    after = [s for s in words if s.cell >= results.first and (s.reads_results or s.praise)]
    strong = [s for s in after if s.compares or _quotes(s, results.shown)]
    near = [s for s in after if s.cell <= results.last + _FAR]
    if strong or len(near) >= 3:
        if not in_sample:
            cells = {s.cell for s in strong or near}
            yield k.READING.fact("words after the numbers say what they mean", cells)
    elif not in_sample and not any(_reads_number(s, results) for s in words if s.cell > results.first):
        how = "the words after the numbers hardly say" if near else "no words after the last numbers say"
        yield k.NO_READING.fact(f"{how} what the scores mean")


def _reads_number(sentence: Sentence, results: Results) -> bool:
    """Whether a sentence in markdown gives a number of a metric: then something reads the scores."""
    if sentence.printed or not _NUMBER.search(sentence.text):
        return False
    return bool(WRITTEN.search(sentence.text)) or _quotes(sentence, results.shown)


def _quotes(sentence: Sentence, shown: Iterable[Shown]) -> bool:
    """Whether a sentence repeats a number shown for a metric, rounded or in per cent."""
    said = [(float(m[0]), len(m[1] or "")) for m in re.finditer(r"\d+(?:\.(\d+))?", sentence.text)]
    values = {v for s in shown for v in (abs(s.value), abs(s.value) * 100)}
    return any(abs(v - n) <= 0.51 * 10**-places for n, places in said if n > 1 or places for v in values)


def _quote(name: str) -> str:
    plain = " ".join(name.split())
    return repr(plain if len(plain) <= 24 else plain[:23] + "…")
