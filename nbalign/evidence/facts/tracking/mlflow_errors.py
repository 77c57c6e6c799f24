"""Calls of MLflow that fail: by the saved outputs, or because they are given what they cannot take."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nbalign.evidence.facts.tracking.mlflow_calls import MlflowCall, Tracked, impossible
from nbalign.evidence.source import Source

_OF_MLFLOW = re.compile(r"mlflow|RestException|MlflowException", re.IGNORECASE)
_NAMED = re.compile(r"\b(log_\w+|start_run|end_run|set_experiment|autolog)\(\)")
_AUTOLOG_FAILED = re.compile(
    r"Encountered unexpected error during (\w+) autologging|autologging (?:has )?failed", re.IGNORECASE
)

Found = list[tuple[str, list[int]]]


def failed_calls(source: Source, found: Tracked) -> Found:
    """What the outputs say of calls that stopped, a sentence and cells each."""
    out: Found = []
    by_cell: dict[int, list[MlflowCall]] = {}
    for call in (*found.calls, *found.unrun):
        by_cell.setdefault(call.step.cell, []).append(call)
    for number, calls in by_cell.items():
        outputs = source.notebook.cell(number).outputs
        for output in outputs:
            if output.kind == "error" and (text := _blames(output.name, output.text, calls)):
                out.append((text, sorted({number, *(c.step.defined for c in calls)})[:4]))
                break
    for cell in source.notebook.cells:
        warned = next((o for o in cell.outputs if o.kind == "stream" and _AUTOLOG_FAILED.search(o.text[:20_000])), None)
        if warned:
            out.append(("autologging failed with an unexpected error", [cell.number]))
            break
    return out[:3]


def _blames(name: str, text: str, calls: Sequence[MlflowCall]) -> str:
    """The sentence when an error is one of MLflow's calls; empty when it is another's, or not known whose."""
    name = name[:40] or "an error"
    message = text.rstrip().rsplit("\n", 1)[-1][:400]
    wrong = misused(calls)
    by_name = _NAMED.search(message)
    if by_name and any(c.name == by_name.group(1) for c in calls):
        return f"{by_name.group(1)} stops with {name}" + _then(wrong, by_name.group(1))
    if wrong and name in ("TypeError", "AttributeError", "MlflowException"):
        return f"{wrong[0][0]}: it stops with {name}"
    if name in ("MlflowException", "RestException", "MissingConfigException") or "mlflow" in name.lower():
        return f"MLflow stops with {name}"
    if name in (
        "NameError",
        "KeyError",
        "ImportError",
        "ModuleNotFoundError",
        "SyntaxError",
        "ValueError",
        "IndexError",
    ):
        if name == "NameError" and "'mlflow'" in message:
            return "mlflow is called but never imported: NameError"
        if name == "ModuleNotFoundError" and "mlflow" in message:
            return "mlflow is not installed: ModuleNotFoundError"
    if len(text) > 400 and re.search(r"mlflow/(?:tracking|store|sklearn|models|utils)", text[-8000:]):
        return f"MLflow stops with {name}"
    if _OF_MLFLOW.search(message):
        return f"MLflow stops with {name}"
    return ""


def _then(wrong: Found, name: str) -> str:
    return next((f": {text}" for text, _ in wrong if text.startswith(name)), "")


def misused(calls: Sequence[MlflowCall]) -> Found:
    """Calls that cannot work whatever the values: a dict where a name belongs, a name where a dict belongs."""
    return [(f"{call.name} {why}", list(call.step.cells)) for call in calls if (why := impossible(call))]
