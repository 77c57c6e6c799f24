"""The names of metrics, as people write them and as libraries call them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Task = Literal["classes", "numbers", "any"]


@dataclass(frozen=True, slots=True)
class MetricName:
    """A metric under one name.

    Attributes:
        name: Ours, such as `roc_auc`.
        task: `classes` for labels and their probabilities, `numbers` for amounts, `any` for the rest.
        higher: Whether more is better.
        written: Regular expression for how it is written in words, tables and variable names, without its boundaries.
        functions: Names of functions and methods that compute it.
        title: How a sentence calls it.
    """

    name: str
    task: Task
    higher: bool
    written: str
    functions: tuple[str, ...]
    title: str


_S = r"[ _-]?"
NAMES: tuple[MetricName, ...] = (
    MetricName(
        "balanced_accuracy",
        "classes",
        True,
        rf"(?:balanced{_S}|b)acc(?:uracy)?",
        ("balanced_accuracy_score",),
        "balanced accuracy",
    ),
    MetricName(
        "pr_auc",
        "classes",
        True,
        rf"(?:pr|prc){_S}auc|auprc|auc{_S}pr|(?:average|avg){_S}precision|average_precision|AP",
        ("average_precision_score", "AveragePrecision", "BinaryAUPRC"),
        "average precision",
    ),
    MetricName(
        "roc_auc",
        "classes",
        True,
        rf"(?:roc{_S})?auc(?:{_S}roc)?(?:{_S}score)?|auroc|area under the (?:roc )?curve",
        ("roc_auc_score", "auc", "AUC", "BinaryAUROC"),
        "ROC AUC",
    ),
    MetricName("accuracy", "classes", True, rf"acc(?:uracy)?(?:{_S}score)?", ("accuracy_score",), "accuracy"),
    MetricName("precision", "classes", True, r"precision|ppv", ("precision_score",), "precision"),
    MetricName("recall", "classes", True, r"recall|sensitivity|tpr", ("recall_score",), "recall"),
    MetricName("specificity", "classes", True, r"specificity|tnr", ("specificity_score",), "specificity"),
    MetricName("f1", "classes", True, rf"f[12](?:{_S}(?:score|measure))?", ("f1_score", "fbeta_score"), "F1"),
    MetricName("log_loss", "classes", False, rf"log{_S}loss|cross{_S}entropy", ("log_loss",), "log loss"),
    MetricName("brier", "classes", False, rf"brier(?:{_S}score)?", ("brier_score_loss",), "Brier score"),
    MetricName("mcc", "classes", True, r"mcc|matthews", ("matthews_corrcoef",), "MCC"),
    MetricName("kappa", "classes", True, r"kappa", ("cohen_kappa_score",), "kappa"),
    MetricName(
        "r2",
        "numbers",
        True,
        rf"r(?:\^?2|²|\*\*2|{_S}squared)(?:{_S}score)?",
        ("r2_score", "explained_variance_score", "d2_absolute_error_score", "d2_tweedie_score"),
        "R2",
    ),
    MetricName("rmsle", "numbers", False, r"rmsle", ("root_mean_squared_log_error", "mean_squared_log_error"), "RMSLE"),
    MetricName(
        "rmse",
        "numbers",
        False,
        rf"rmse|root{_S}mean{_S}squared?{_S}error",
        ("root_mean_squared_error", "rmse"),
        "RMSE",
    ),
    MetricName("mse", "numbers", False, rf"mse|mean{_S}squared?{_S}error", ("mean_squared_error", "mse"), "MSE"),
    MetricName(
        "mape",
        "numbers",
        False,
        rf"[sw]?mape|wape|mean{_S}absolute{_S}percentage{_S}error",
        ("mean_absolute_percentage_error", "mape", "smape", "wape"),
        "MAPE",
    ),
    MetricName("mase", "numbers", False, r"mase", ("mean_absolute_scaled_error", "mase"), "MASE"),
    MetricName(
        "median_error",
        "numbers",
        False,
        rf"medae|median{_S}(?:a(?:bs(?:olute)?)?{_S})?(?:e|error)",
        ("median_absolute_error",),
        "median error",
    ),
    MetricName(
        "mae",
        "numbers",
        False,
        rf"mae|mean{_S}abs(?:olute)?{_S}error",
        ("mean_absolute_error", "mae"),
        "MAE",
    ),
    MetricName("max_error", "numbers", False, rf"max(?:imum)?{_S}error", ("max_error",), "largest error"),
    MetricName(
        "deviance",
        "numbers",
        False,
        r"deviance",
        ("mean_poisson_deviance", "mean_gamma_deviance", "mean_tweedie_deviance"),
        "deviance",
    ),
    MetricName("pinball", "numbers", False, rf"(?:pinball|quantile){_S}loss", ("mean_pinball_loss",), "pinball loss"),
    MetricName("silhouette", "any", True, r"silhouette", ("silhouette_score",), "silhouette"),
    MetricName(
        "clusters",
        "any",
        False,
        rf"davies{_S}bouldin|calinski|adjusted{_S}rand",
        ("davies_bouldin_score", "calinski_harabasz_score", "adjusted_rand_score", "normalized_mutual_info_score"),
        "cluster score",
    ),
    MetricName("error", "any", False, rf"(?:abs(?:olute)?{_S})?err(?:or)?(?:{_S}rate)?", (), "error"),
    MetricName("ndcg", "any", True, r"ndcg|map@\d+", ("ndcg_score", "dcg_score"), "NDCG"),
)
BY_NAME = {m.name: m for m in NAMES}
SHARES = frozenset({"accuracy", "balanced_accuracy", "roc_auc", "pr_auc", "precision", "recall", "f1", "brier", "r2"})
FUNCTIONS: dict[str, str] = {f: m.name for m in NAMES for f in m.functions}
FUNCTIONS |= {"classification_report": "report", "precision_recall_fscore_support": "report"}
FUNCTIONS |= {"confusion_matrix": "confusion", "multilabel_confusion_matrix": "confusion"}

WRITTEN = re.compile(
    r"(?<![A-Za-z0-9])(?:" + "|".join(f"(?P<{m.name}>{m.written})" for m in NAMES) + r")(?![A-Za-z0-9])", re.IGNORECASE
)


def written_metric(text: str) -> str:
    """Our name of the first metric that a text names; empty when it names none."""
    found = WRITTEN.search(text)
    return found.lastgroup or "" if found else ""


def title(name: str) -> str:
    """How a sentence calls a metric."""
    return BY_NAME[name].title if name in BY_NAME else name.replace("_", " ")


_BASELINE = re.compile(
    r"(?<![a-z])(?:base(?!d)|baseline|base[ _-]?(?:line|rate)|dummy|na[iï]ve(?![ _-]?bayes)|majority|constant|const|"
    r"persistence|same[ _]\w+[ _]last|no[ _-]?skill|always|random[ _-]?guess\w*|most[ _-]?frequent|training[ _-]mean|"
    r"no[ _-]change|same[ _-](?:change|value|growth)|random[ _-]walk|yesterday|null(?: model)?|climatology)(?![a-z])",
    re.IGNORECASE,
)
# Words that may be part of any label: they must be most of it.
_FLOOR = re.compile(
    r"(?<![a-z])(?:mean|median|average|last|seasonal|prior|chance|rule|floor|ago|zero|everybody|reference)(?![a-z])",
    re.IGNORECASE,
)
_NO_FLOOR = re.compile(
    r"threshold|fold|cross|cv|score|valid|error|std|accuracy|test|train set|layer|epoch", re.IGNORECASE
)


def names_baseline(owner: str, label: str) -> bool:
    """Whether a row or model of this name is a baseline; the label is the column or the words around the number."""
    if re.fullmatch(r"mean|average|median|avg|last", owner.lower()) and owner.lower() in label:
        return False  # "mean accuracy: 0.9" is no baseline
    if _BASELINE.search(owner):
        return True
    short = len(owner.split()) <= 4 and not _NO_FLOOR.search(owner)
    return short and bool(_FLOOR.search(owner))
