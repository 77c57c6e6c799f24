"""How many models a notebook makes, and for how many of them it opens a run."""

from __future__ import annotations

import ast
import re

from nbalign.evidence.code import Code
from nbalign.evidence.facts.tracking.mlflow_calls import MlflowCall, Tracked

_MODEL_LIKE = re.compile(
    r"model|clf|classif|regress|estim|pipe|candid|algo|learner|search|fits?$|fitted", re.IGNORECASE
)
_NOT_MODELS = re.compile(
    r"fold|split|epoch|^range$|^i$|^k$|param|grid|depth|alpha|^c$|^n_|rate|^lr|seed|trial|step|lag|product|thresh|batch",
    re.IGNORECASE,
)
_MODEL_HOMES = re.compile(
    r"^sklearn\.(?:linear_model|ensemble|svm|tree|neighbors|naive_bayes|neural_network|dummy|discriminant_analysis|"
    r"gaussian_process|kernel_ridge)\.[A-Z]|^(?:xgboost\.XGB|lightgbm\.LGBM|catboost\.CatBoost)[A-Z]"
)


def runs_opened(found: Tracked) -> int:
    """How many runs are opened: a run inside a loop over models counts as two, one in a function once for each call."""
    starts = found.of("start_run", "create_run")
    return sum(2 if _over_models(c) else 1 for c in starts) if starts else len({c.step.order for c in found.models})


def _over_models(call: MlflowCall) -> bool:
    """Whether a loop around a call goes over models, not over folds, epochs or settings of one."""
    for loop in call.loops:
        if isinstance(loop, ast.For | ast.AsyncFor):
            words = [n.id for part in (loop.target, loop.iter) for n in ast.walk(part) if isinstance(n, ast.Name)]
            words += [n.attr for n in ast.walk(loop.iter) if isinstance(n, ast.Attribute)]
            classes = [n for n in ast.walk(loop.iter) if isinstance(n, ast.Call)]
            if any(_MODEL_LIKE.search(w) for w in words) or len(classes) > 2:
                return True
            if not any(_NOT_MODELS.search(w) for w in words):
                return True
    return False


def models_made(code: Code) -> list[str]:
    """Classes of models that are made in the notebook, in order; those inside selectors and the like left out."""
    inside = {
        id(inner)
        for call in code.calls
        if call.last.startswith(
            ("SelectFrom", "RFE", "Iterative", "Stacking", "Voting", "Bagging", "AdaBoost", "Calibrated")
        )
        for inner in ast.walk(call.node)
        if inner is not call.node
    }
    names = [c.last for c in code.calls if _MODEL_HOMES.match(c.name) and id(c.node) not in inside]
    return list(dict.fromkeys(n[:40] for n in names))
