"""Facts about MLflow: what is logged, for how many of the models, whether it works, and whether the values are true."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from nbalign.evidence.code import Code
from nbalign.evidence.facts.reading.steps import steps_of
from nbalign.evidence.facts.tracking.mlflow_calls import LOGGERS, MlflowCall, Tracked, tracked
from nbalign.evidence.facts.tracking.mlflow_errors import failed_calls, misused
from nbalign.evidence.facts.tracking.mlflow_kinds import (
    ABSENT,
    AUTOLOG_ONLY,
    COMMENTED_OUT,
    DIMENSION,
    EVERY_MODEL,
    EXPERIMENT,
    FAILED,
    KINDS,
    METRICS,
    MODEL,
    NO_EXPERIMENT,
    NO_METRICS,
    NO_MODEL,
    NO_PARAMS,
    NO_SIGNATURE,
    NOT_WANTED,
    ONE_OF_SEVERAL,
    PARAMS,
    RUNS_CLOSED,
    RUNS_LEFT_OPEN,
    SIGNATURE,
    TRAIN_AS_TEST,
    TYPED_METRIC,
)
from nbalign.evidence.facts.tracking.mlflow_models import models_made, runs_opened
from nbalign.evidence.facts.tracking.mlflow_names import is_test_name, typed_number
from nbalign.evidence.facts.tracking.mlflow_prompt import asks_for_no_tracking
from nbalign.evidence.facts.tracking.mlflow_values import Values
from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

__all__ = ["DIMENSION", "KINDS", "facts"]

_FIRST_GAP = -0.45  # the first main part that is missing keeps a run from "good"; the others add little to that
_COMMENTED = re.compile(r"^\s*#+\s*(?:with\s+)?mlflow\.\w", re.MULTILINE)
_OTHERS = {
    "wandb": "Weights & Biases",
    "neptune": "Neptune",
    "comet_ml": "Comet",
    "tensorboard": "TensorBoard",
    "clearml": "ClearML",
}


def facts(source: Source) -> list[Fact]:
    """The facts of this dimension."""
    code = source.code
    found = tracked(code)
    commented = _commented(code)
    every = [*found.calls, *found.unrun]
    if asked := asks_for_no_tracking(source.notebook.prompt):
        used = f", yet MLflow is called in {len(_cells(every))} cells" if every else ""
        return [NOT_WANTED.fact(f"the prompt asks for no tracking: {asked[:50]!r}{used}", _cells(every))]
    if not steps_of(code) or not source.notebook.language.startswith("python"):
        return []
    sends = [
        c for c in every if not c.name.startswith(("set_tracking_uri", "infer_signature", "search_", "get_", "load_"))
    ]
    if not sends:
        return _absent(source, code, commented)
    out = [*_faults(source, code, found), *commented]
    if not found.explicit and found.autologs:
        return out + _autolog(found)
    return out + _parts(source, code, found)


def _absent(source: Source, code: Code, commented: list[Fact]) -> list[Fact]:
    imported = sorted({i.cell for i in code.imports if i.top == "mlflow"})
    other = next((name for i in code.imports if (name := _OTHERS.get(i.top))), "")
    if any("mlflow." in c.cell.source for c in code.cells if c.problem) and not commented:
        return []  # a part that could not be read may hold it
    if imported:
        text = "mlflow is imported but no run, parameter, metric or model is logged"
    elif other:
        text = f"no MLflow anywhere: tracking goes to {other}"
    else:
        text = "MLflow is neither imported nor called: no run, parameter, metric or model is logged"
    return [ABSENT.fact(text, imported), *commented]


def _faults(source: Source, code: Code, found: Tracked) -> list[Fact]:
    """Failed calls, and values that are not what their name says."""
    out = [FAILED.fact(text, cells) for text, cells in failed_calls(source, found)]
    if not out and found.explicit and not found.reached(found.explicit):
        cell = found.explicit[0].step.cell
        error = next((o.name[:40] or "an error" for o in source.notebook.cell(cell).outputs if o.kind == "error"), "")
        if error:
            out = [FAILED.fact(f"nothing is logged: the cell that logs stops with {error}", [cell])]
    if not out:
        out = [FAILED.fact(text, cells) for text, cells in misused([*found.calls, *found.unrun])][:1]
    values = Values(code)
    told: set[tuple[str, int]] = set()
    for call in found.metrics:
        for key, value in values.pairs(call):
            if (key, call.step.defined) in told:
                continue
            shown = repr(key[:40]) if is_test_name(key) else ""
            rows = shown and (values.is_training(value, call.step) or values.all_rows(value, call.step))
            if rows:
                told.add((key, call.step.defined))
                out.append(
                    TRAIN_AS_TEST.fact(f"{shown} is a training score: it is measured on {rows[:60]}", call.step.cells)
                )
            number = typed_number(key, value)
            if number is not None:
                told.add((key, call.step.defined))
                out.append(
                    TYPED_METRIC.fact(f"metric {key[:40]!r} is typed in as {number:g}, not measured", call.step.cells)
                )
    # One fault is enough for its whole weight; the others are told but add nothing.
    seen: set[str] = set()
    kept = []
    for fact in out:
        first = fact.kind.name not in seen
        seen.add(fact.kind.name)
        kept.append(fact if first else fact.kind.fact(fact.text, fact.cells, -0.1))
    return kept[:6]


def _autolog(found: Tracked) -> list[Fact]:
    cells = _cells(found.autologs)
    off = any(isinstance(v := call.keyword("log_models"), ast.Constant) and v.value is False for call in found.autologs)
    tail = ", with models switched off" if off else ""
    out = [AUTOLOG_ONLY.fact(f"autolog alone{tail}: no held-out metric or model is logged on purpose", cells)]
    if names := _experiments(found):
        out.append(EXPERIMENT.fact("an experiment is named", _cells(names), 0.1))
    else:
        out.append(NO_EXPERIMENT.fact("no experiment is named"))
    return out


def _parts(source: Source, code: Code, found: Tracked) -> list[Fact]:
    """What is logged and what is not, main part by main part; what was tried and failed is neither."""
    good: list[Fact] = []
    gaps: list[tuple[Kind, str, list[int]]] = []
    loggers = found.of(*LOGGERS)
    here = _cells(found.explicit)
    if done := found.reached(found.metrics + loggers):
        listed = _metric_names(code, done)
        good.append(METRICS.fact(f"metrics are logged{': ' + listed if listed else ''}", _cells(done)))
    elif not found.metrics and not found.autologs:
        gaps.append((NO_METRICS, "no metrics are logged", here))
    if done := found.reached(found.params + loggers):
        good.append(PARAMS.fact("parameters are logged", _cells(done)))
    elif found.autologs:
        good.append(PARAMS.fact("parameters are logged by autolog", _cells(found.autologs), 0.1))
    elif not found.params:
        gaps.append((NO_PARAMS, "no parameters are logged", here))
    good += _model(found, gaps, here)
    if named := _experiments(found):
        good.append(EXPERIMENT.fact("an experiment is named", _cells(named)))
    elif not source.notebook.format.startswith("databricks"):
        gaps.append((NO_EXPERIMENT, "no experiment is named: the runs land in the default one", []))
    models = models_made(code)
    if runs_opened(found) > 1:
        good.append(EVERY_MODEL.fact("a run is logged for each of several models", _cells(_starts(found))))
    elif len(models) > 1:
        listed = ", ".join(models[:3]) + (" and more" if len(models) > 3 else "")
        text = f"only one run is opened, though several models are made: {listed}"
        gaps.append((ONE_OF_SEVERAL, text, _cells(_starts(found))))
    out = good + [kind.fact(text, cells, _FIRST_GAP if i == 0 else None) for i, (kind, text, cells) in enumerate(gaps)]
    return out + _runs(found, loggers)


def _metric_names(code: Code, calls: list[MlflowCall]) -> str:
    """The first three names of metrics, for a sentence; the fixed beginning of a name that is put together."""
    values = Values(code)
    names = [key[:24] for call in calls for key, _ in values.pairs(call) if key]
    return ", ".join(repr(n + "…" if n.endswith("_") else n) for n in list(dict.fromkeys(names))[:3])


def _model(found: Tracked, gaps: list[tuple[Kind, str, list[int]]], here: list[int]) -> list[Fact]:
    if not found.models:
        if found.autologs and not any(
            isinstance(v := c.keyword("log_models"), ast.Constant) and v.value is False for c in found.autologs
        ):
            return [MODEL.fact("the model is logged by autolog", _cells(found.autologs))]
        gaps.append((NO_MODEL, "no fitted model is logged", here))
        return []
    done = found.reached(found.models)
    if not done:
        return []
    out = [MODEL.fact("the fitted model is logged", _cells(done))]
    signed = [
        c
        for c in done
        if c.keyword("signature") is not None
        or c.keyword("input_example") is not None
        or any(k.arg is None for k in c.node.keywords)
        or len(c.node.args) > 4
    ]
    if signed:
        out.append(SIGNATURE.fact("the logged model has a signature or an input example", _cells(signed)))
    elif not any(c.name == "register_model" or c.full.startswith("mlflow.log_artifact") for c in done):
        gaps.append((NO_SIGNATURE, "the model is logged without signature or input example", _cells(done)))
    return out


def _runs(found: Tracked, loggers: list[MlflowCall]) -> list[Fact]:
    """How runs are opened and closed."""
    starts = _starts(found)
    if starts:
        loose = [c for c in starts if not _in_with(c)]
        ends = found.of("end_run", "set_terminated")
        if not loose or ends:
            how = "with-blocks" if not loose else "end_run"
            return [RUNS_CLOSED.fact(f"runs are opened and closed by {how}", _cells(starts))]
        looped = " inside a loop" if any(c.loops for c in loose) else ""
        return [RUNS_LEFT_OPEN.fact(f"start_run without `with` or end_run{looped}: the run stays open", _cells(loose))]
    logs = found.params + found.metrics + found.models
    if logs and not loggers and not found.autologs and not any(c.full.startswith("mlflow.client") for c in logs):
        return [RUNS_LEFT_OPEN.fact("no run is opened: what is logged falls into an implicit run", _cells(logs))]
    return []


def _starts(found: Tracked) -> list[MlflowCall]:
    return found.of("start_run", "create_run")


def _in_with(call: MlflowCall) -> bool:
    return isinstance(call.step.node, ast.With | ast.AsyncWith) or any(
        isinstance(n, ast.Call) and getattr(n.func, "attr", "") == "enter_context" for n in call.step.nodes()
    )


def _experiments(found: Tracked) -> list[MlflowCall]:
    named = [c for c in found.of("start_run", *LOGGERS) if c.keyword("experiment_id") or c.keyword("experiment_name")]
    return found.of("set_experiment", "create_experiment") + named


def _commented(code: Code) -> list[Fact]:
    cells = [c.number for c in code.cells if _COMMENTED.search(c.cell.source)]
    return [COMMENTED_OUT.fact("calls of MLflow stand commented out", cells)] if cells else []


def _cells(calls: Iterable[MlflowCall]) -> list[int]:
    """The cells of some calls, at most six."""
    return sorted({cell for call in calls for cell in call.step.cells})[:6]
