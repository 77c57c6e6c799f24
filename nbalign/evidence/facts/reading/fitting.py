"""Where a notebook first trains a model, as far as the text of its calls tells."""

from __future__ import annotations

import ast
import re

from nbalign.evidence.code import Code
from nbalign.evidence.facts.reading.steps import Step, steps_of
from nbalign.evidence.facts.reading.strings import strings_of

_TRANSFORMERS = re.compile(
    r"Scaler|Encoder|Imputer|^Select|^RFE|PCA|NMF|SVD|Vectorizer|Discretizer|Transformer|Polynomial|SMOTE|Sampler|TSNE|"
    r"^UMAP|Normalizer|Binarizer|Embedding|Tokenizer|IsolationForest|LocalOutlierFactor|KMeans|DBSCAN"
)
_TRAINS = frozenset({"cross_val_score", "cross_validate", "cross_val_predict", "auto_arima", "compare_models"})


def first_fit(code: Code) -> Step | None:
    """The first step that trains a model (not a scaler, encoder or the like); None when there is none to be seen."""
    for step in steps_of(code):
        if any(is_model_fit(code, call) for call in step.calls()):
            return step
    return None


def is_model_fit(code: Code, call: ast.Call) -> bool:
    """Whether a call trains a model."""
    dotted = code.dotted(call.func)
    last = dotted.rpartition(".")[2]
    if last in _TRAINS or dotted in ("xgboost.train", "lightgbm.train", "xgboost.cv", "lightgbm.cv"):
        return True
    if last not in ("fit", "fit_predict", "partial_fit") or not isinstance(call.func, ast.Attribute):
        return False
    name = class_of(code, call.func.value)
    if name and _TRANSFORMERS.search(name):
        return False
    supervised = len(call.args) > 1 or any(k.arg in ("y", "validation_data", "epochs") for k in call.keywords)
    return supervised or (
        bool(name) and last == "fit" and name not in ("ColumnTransformer", "Pipeline", "make_pipeline")
    )


def class_of(code: Code, node: ast.expr) -> str:
    """The class whose instance an expression is, by the call that made it; empty when that cannot be seen."""
    bound = strings_of(code).bound
    for _ in range(3):
        if isinstance(node, ast.Call):
            name = code.dotted(node.func).rpartition(".")[2]
            return name if name[:1].isupper() or name in ("ols", "logit", "glm", "make_pipeline") else ""
        if isinstance(node, ast.Name) and node.id in bound:
            node = bound[node.id]
        else:
            return ""
    return ""
