"""What estimators are by the names of their classes: baselines, searches, models of classes or of numbers."""

from __future__ import annotations

import re

from nbalign.evidence.flow.estimator_notes import EstimatorNote
from nbalign.evidence.flow.model_events import CrossValidate, Metric, Predict, Transform
from nbalign.evidence.flow.trace import Trace

UNSUPERVISED = {
    "KMeans", "MiniBatchKMeans", "BisectingKMeans", "DBSCAN", "HDBSCAN", "OPTICS", "AgglomerativeClustering",
    "GaussianMixture", "BayesianGaussianMixture", "MeanShift", "Birch", "SpectralClustering", "AffinityPropagation",
    "IsolationForest", "OneClassSVM", "LocalOutlierFactor", "EllipticEnvelope", "NearestNeighbors", "KernelDensity",
}  # fmt: skip
_DUMMIES = re.compile(r"Dummy|Naive(?:Forecaster|Model)?$|^SeasonalNaive|Baseline", re.IGNORECASE)
_CLASSIFIERS = re.compile(
    r"Classifier(?:CV)?$|^LogisticRegression(?:CV)?$|^(?:Nu|Linear)?SVC$|(?<!Rule)NB$|DiscriminantAnalysis$|^Perceptron$|"
    r"^(?:Logit|MNLogit|Probit|logit|probit|mnlogit)$|^NaiveBayes$|^NearestCentroid$|^ExplainableBoostingClassifier$"
)
_REGRESSORS = re.compile(
    r"Regressor(?:CV)?$|^(?:Linear|Poisson|Ridge|Bayesian)Regress(?:ion|or)$|^(?:Ridge|Lasso|ElasticNet|Lars|LassoLars)"
    r"(?:CV)?$|^(?:Nu|Linear)?SVR$|^(?:OLS|ols|WLS|GLS|ARIMA|SARIMAX|AutoReg|Prophet|BayesianRidge|HuberRegressor|"
    r"TweedieRegressor|KernelRidge)$"
)
SEARCHING = re.compile(
    r"^(?:Ridge|Lasso|ElasticNet|LassoLars|Lars|LogisticRegression|RidgeClassifier|MultiTaskLasso)CV$"
)


def is_baseline(note: EstimatorNote | None) -> bool:
    """Whether an estimator is a baseline by its class."""
    return note is not None and any(_DUMMIES.search(part.name) for part in note.parts())


def predictor(note: EstimatorNote) -> EstimatorNote | None:
    """The predicting part; a search or pipeline whose inside is not known stands for itself."""
    return note.model or (note if note.role == "search" else None)


def is_search(note: EstimatorNote) -> bool:
    """Whether fitting it searches settings."""
    return any(part.role == "search" or SEARCHING.match(part.name) for part in note.parts())


def is_classifier(note: EstimatorNote | None) -> bool:
    """Whether it certainly predicts classes."""
    model = predictor(note) if note else None
    return model is not None and bool(_CLASSIFIERS.search(model.name))


def is_regressor(note: EstimatorNote | None) -> bool:
    """Whether it certainly predicts numbers."""
    model = predictor(note) if note else None
    return model is not None and bool(_REGRESSORS.search(model.name))


def same(a: EstimatorNote | None, b: EstimatorNote | None) -> bool:
    """Whether two notes are of one estimator, or one is a part of the other."""
    if a is None or b is None:
        return False
    return bool({p.id for p in a.parts()} & {p.id for p in b.parts()})


def never_answering(trace: Trace) -> frozenset[int]:
    """Ids of estimators that make features for others, as discriminant axes do, and neither predict nor are scored."""
    notes = [event.estimator for event in trace.of(Predict)]
    notes += [m.model for m in trace.of(Metric) if m.model is not None]
    notes += [c.estimator for c in trace.of(CrossValidate) if c.estimator is not None]
    answering = {part.id for note in notes for part in note.parts()}
    makers = (event.estimator for event in trace.of(Transform))
    return frozenset(note.id for note in makers if not answering & {part.id for part in note.parts()})
