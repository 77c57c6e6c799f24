"""What a notebook sends to MLflow, call by call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbalign.evidence.code import Code
from nbalign.evidence.facts.reading.steps import Frame, Step, steps_of

_CLIENT = frozenset({"log_metric", "log_param", "log_batch", "create_run", "set_terminated", "create_experiment"})
LOGGERS = ("MLFlowLogger", "MLflowLogger", "MLflowCallback", "MLflowLoggerCallback")  # of other libraries
_PARAMS = frozenset({"log_param", "log_params"})
_METRICS = frozenset({"log_metric", "log_metrics", "log_batch", "evaluate"})
_FILES = frozenset({"log_artifact", "log_artifacts"})


@dataclass(frozen=True, slots=True, eq=False)
class MlflowCall:
    """One call of MLflow that runs.

    Attributes:
        step: Where.
        name: Its last name: `log_metric`, `start_run`, `autolog`, `log_model`, …
        full: Dotted name, such as `mlflow.sklearn.log_model`.
        node: The call.
    """

    step: Step
    name: str
    full: str
    node: ast.Call

    def keyword(self, name: str) -> ast.expr | None:
        """The value of a keyword argument; None when it is not given."""
        return next((k.value for k in self.node.keywords if k.arg == name), None)

    @property
    def opened(self) -> ast.stmt | None:
        """The innermost `with` around it that opens a run; None when there is none."""
        for block in reversed(self.step.blocks):
            if isinstance(block, ast.With | ast.AsyncWith) and any(opens_run(i.context_expr) for i in block.items):
                return block
        return None

    @property
    def loops(self) -> tuple[ast.stmt, ...]:
        """The loops around it."""
        return tuple(b for b in self.step.blocks if isinstance(b, ast.For | ast.While | ast.AsyncFor))


@dataclass(eq=False, slots=True)
class Tracked:
    """All calls of MLflow in a notebook.

    Attributes:
        calls: Those that run, in order.
        unrun: Those in cells that failed before them or in the same statement.
        stops: Cell that failed -> order of the step at which one of its calls of MLflow cannot have worked.
    """

    calls: list[MlflowCall] = field(default_factory=list)
    unrun: list[MlflowCall] = field(default_factory=list)
    stops: dict[int, int] = field(default_factory=dict)

    def of(self, *names: str) -> list[MlflowCall]:
        """The calls with some last names, those that did not run too."""
        return [c for c in (*self.calls, *self.unrun) if c.name in names]

    @property
    def params(self) -> list[MlflowCall]:
        """Calls that log parameters."""
        return self.of(*_PARAMS)

    @property
    def metrics(self) -> list[MlflowCall]:
        """Calls that log metrics."""
        return self.of(*_METRICS)

    @property
    def models(self) -> list[MlflowCall]:
        """Calls that log a model, or a file that holds one by its name."""
        files = [c for c in self.of(*_FILES) if _names_model(c)]
        return self.of("log_model", "save_model", "register_model") + files

    @property
    def explicit(self) -> list[MlflowCall]:
        """Calls that log something on purpose."""
        return self.params + self.metrics + self.models + self.of(*LOGGERS)

    def reached(self, calls: list[MlflowCall]) -> list[MlflowCall]:
        """Those of some calls that worked by the outputs: of those in a cell that failed, the ones before the fault."""
        return [c for c in calls if c not in self.unrun or c.step.order < self.stops.get(c.step.cell, -1)]

    @property
    def autologs(self) -> list[MlflowCall]:
        """Calls that switch automatic logging on."""
        found = []
        for call in self.of("autolog"):
            off = call.keyword("disable")
            if not (isinstance(off, ast.Constant) and off.value is True):
                found.append(call)
        return found


def tracked(code: Code) -> Tracked:
    """Reads every call of MLflow, those inside the notebook's own functions once for each call of these."""
    found = Tracked()
    seen: set[tuple[int, int, int]] = set()
    for step in steps_of(code):
        for node in step.calls():
            full = _full(code, node)
            if not full:
                continue
            key = (step.order, node.lineno, node.col_offset)
            if key in seen:
                continue
            seen.add(key)
            call = MlflowCall(step, full.rpartition(".")[2], full, node)
            failed = not step.ran and any(o.kind == "error" for o in code.notebook.cell(step.cell).outputs)
            (found.unrun if failed else found.calls).append(call)
    for call in found.unrun:
        if impossible(call):
            found.stops.setdefault(call.step.cell, call.step.order)
    return found


def impossible(call: MlflowCall) -> str:
    """Why a call cannot work whatever the values are; empty when it can."""
    node = call.node
    if (
        not call.full.startswith("mlflow.")
        or call.full.count(".") > 1
        or any(isinstance(a, ast.Starred) for a in node.args)
    ):
        return ""
    if (
        call.name in ("log_params", "log_metrics")
        and node.args
        and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
    ):
        return "is called with a name and a value instead of a dict"
    if call.name in ("log_param", "log_metric") and all(k.arg for k in node.keywords):
        if node.args and isinstance(node.args[0], ast.Dict | ast.DictComp):
            return "is called with a dict instead of a name and a value"
        if len(node.args) == 1 and call.keyword("value") is None:
            return "is called without a value"
    return ""


def opens_run(node: ast.expr) -> bool:
    """Whether an expression opens a run."""
    return isinstance(node, ast.Call) and (
        (isinstance(node.func, ast.Attribute) and node.func.attr == "start_run")
        or (isinstance(node.func, ast.Name) and node.func.id == "start_run")
    )


def frames(step: Step) -> Iterator[Frame]:
    """The frames around a step, the innermost first."""
    frame = step.frame
    while frame is not None:
        yield frame
        frame = frame.caller


def _full(code: Code, node: ast.Call) -> str:
    """The dotted name of a call of MLflow; empty for any other call."""
    dotted = code.dotted(node.func)
    if dotted.startswith("mlflow."):
        return dotted
    last = dotted.rpartition(".")[2]
    if last in LOGGERS:
        return f"mlflow.{last}"
    if dotted.startswith(".") and last in _CLIENT and _uses_mlflow(code):
        return f"mlflow.client.{last}"
    return ""


def _uses_mlflow(code: Code) -> bool:
    return any(i.top == "mlflow" for i in code.imports)


def _names_model(call: MlflowCall) -> bool:
    given = call.node.args[0] if call.node.args else None
    text = ast.unparse(given)[:200].lower() if given is not None else ""
    return any(word in text for word in ("model", ".pkl", ".joblib", "pipeline", ".onnx", ".pickle"))
