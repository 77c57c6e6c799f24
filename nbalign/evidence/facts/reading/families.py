"""Families of models by class name: who minds scales and codes, and who does not."""

from __future__ import annotations

import re

from nbalign.evidence.flow.estimator_notes import EstimatorNote
from nbalign.evidence.flow.model_events import CrossValidate, Fit
from nbalign.evidence.flow.trace import Trace

_TREES = re.compile(
    r"^(?:DecisionTree|ExtraTree|RandomForest|ExtraTrees|GradientBoosting|HistGradientBoosting|XGB|XGBRF|LGBM|CatBoost|"
    r"AdaBoost|Bagging|GBT|BalancedRandomForest|EasyEnsemble|RUSBoost)(?:Classifier|Regressor|Ranker)?$|^IsolationForest$|^Booster$"
)
_LINEAR = re.compile(
    r"^(?:LinearRegression|LogisticRegression(?:CV)?|Ridge(?:CV|Classifier|ClassifierCV)?|Lasso(?:CV|LarsCV)?|"
    r"ElasticNet(?:CV)?|SGD(?:Classifier|Regressor)|LinearSV[CR]|PoissonRegressor|GammaRegressor|TweedieRegressor|"
    r"HuberRegressor|BayesianRidge|Perceptron|OLS|Logit|GLM|Lars|TheilSenRegressor|RANSACRegressor|"
    r"LinearDiscriminantAnalysis|PassiveAggressive(?:Classifier|Regressor)|QuantileRegressor)$"
)
_DISTANCES = re.compile(
    r"^(?:(?:Nu)?SV[CR]|KNeighbors(?:Classifier|Regressor)|RadiusNeighbors(?:Classifier|Regressor)|"
    r"MLP(?:Classifier|Regressor)|KMeans|MiniBatchKMeans|DBSCAN|GaussianProcess(?:Classifier|Regressor)|KernelRidge|"
    r"Sequential|Model)$"
)
_PENALISED = re.compile(r"^(?:Ridge|Lasso|ElasticNet|SGD|LinearSV)")
_DUMMY = re.compile(r"^Dummy|^Naive")


def is_tree(name: str) -> bool:
    """Whether a model splits on thresholds, so that scales do not matter to it."""
    return bool(_TREES.match(name))


def is_linear(name: str) -> bool:
    """Whether a model weighs its columns, so that codes count as quantities."""
    return bool(_LINEAR.match(name))


def minds_codes(name: str) -> bool:
    """Whether arbitrary codes of categories mislead a model."""
    return is_linear(name) or bool(_DISTANCES.match(name))


def minds_scales(name: str) -> bool:
    """Whether a model needs columns on one scale: distances, kernels, networks and penalties."""
    return bool(_DISTANCES.match(name) or _PENALISED.match(name))


def models(trace: Trace) -> dict[str, EstimatorNote]:
    """The models that are fitted or cross-validated, by class name, baselines left out."""
    found: dict[str, EstimatorNote] = {}
    for event in trace.events:
        if isinstance(event, Fit | CrossValidate) and event.estimator is not None:
            for part in event.estimator.parts():
                inner = any(p.role == "model" for step in part.steps for p in step.parts())
                if part.role == "model" and not inner and not _DUMMY.match(part.name):
                    found.setdefault(part.name, part)
    return found


def only_trees(trace: Trace) -> bool:
    """Whether models are known and all of them are trees or built of trees."""
    names = models(trace)
    return bool(names) and all(is_tree(name) for name in names)
