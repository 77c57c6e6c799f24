"""Rows that come back: early stopping and copies on test rows, and numbers that stand for a metric."""

from __future__ import annotations

import pytest

from nbalign.evidence import read_evidence
from nbalign.notebooks.model import Notebook
from tests.evidence.building import code, facts_of, kinds_of, notebook

HEAD = """
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import mean_squared_error, precision_recall_curve
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
d = pd.read_csv("homes.csv")
X, y = d.drop(columns="price"), d["price"]
"""
SPLIT = "A, B, ya, yb = train_test_split(X, y, random_state=0)"
SMOTE = """
from imblearn.over_sampling import SMOTE
Xs, ys = SMOTE().fit_resample(A, ya)
"""
AGAIN = """
A2, B2, ya2, yb2 = train_test_split(Xs, ys, random_state=0)
m = LogisticRegression().fit(A2, ya2)
"""
BOOST = """
from xgboost import XGBRegressor
m = XGBRegressor(n_estimators=1000)
m.fit(A, ya, {stop}eval_set=[({rows})])
print(mean_squared_error(yb, m.predict(B)))
"""
CURVE = """
SVC().fit(A, ya).score(B, yb)
lr = LogisticRegression().fit(A, ya)
print(lr.score(B, yb))
p, r, thresholds = precision_recall_curve(yb, lr.decision_function(B))
"""
OLS = """
import statsmodels.formula.api as smf
fitted = smf.ols("price ~ size", data=d).fit()
"""
NET = """
from tensorflow.keras import Sequential
from tensorflow.keras.layers import Dense
net = Sequential([Dense(1)])
net.compile(loss="mse")
net.fit(A, ya, epochs=3{more})
print(net.evaluate(B, yb))
"""


def test_resampled_training_rows_that_are_split_again_are_copies_on_both_sides() -> None:
    measured = "print(m.score(B2, yb2))"
    assert "resampled_before_split" in kinds_of("model_training", HEAD, SPLIT, SMOTE, AGAIN, measured)


def test_resampled_training_rows_are_fine_where_the_first_test_rows_are_measured() -> None:
    measured = "print(m.score(B, yb))"
    assert "resampled_before_split" not in kinds_of("model_training", HEAD, SPLIT, SMOTE, AGAIN, measured)


def test_early_stopping_by_a_keyword_of_fit_is_a_choice_on_the_test_rows() -> None:
    boost = BOOST.format(stop="early_stopping_rounds=5, ", rows="B, yb")
    assert "chosen_on_test" in kinds_of("model_training", HEAD, SPLIT, boost)


@pytest.mark.parametrize(
    ("stop", "rows"),
    [("", "B, yb"), ("early_stopping_rounds=None, ", "B, yb"), ("early_stopping_rounds=5, ", "A, ya")],
)
def test_watching_the_test_rows_without_stopping_is_no_choice(stop: str, rows: str) -> None:
    boost = BOOST.format(stop=stop, rows=rows)
    assert "chosen_on_test" not in kinds_of("model_training", HEAD, SPLIT, boost)


def test_the_place_of_a_threshold_is_no_choice_but_the_best_point_is() -> None:
    place = "i = np.argmin(np.abs(thresholds))"
    best = "i = np.argmax(2 * p * r / (p + r))"
    assert "chosen_on_test" not in kinds_of("model_training", HEAD, SPLIT, CURVE, place)
    assert "chosen_on_test" in kinds_of("model_training", HEAD, SPLIT, CURVE, best)


@pytest.mark.parametrize(
    "shown",
    [
        "mse = ((other - d.price) ** 2).mean()\nprint(mse)",
        code("print(fitted.summary())", text="R-squared:   0.61\nLog-Likelihood:  -204.2"),
    ],
)
def test_errors_by_hand_and_summaries_are_measures(shown: str) -> None:
    assert "no_hold_out" in kinds_of("model_training", HEAD, OLS)
    assert "no_hold_out" not in kinds_of("model_training", HEAD, OLS, shown)
    assert "nothing_measured" not in kinds_of("metrics_evaluation", HEAD, OLS, shown)


def test_a_share_kept_by_a_network_is_a_validation_part() -> None:
    share = NET.format(more=", validation_split=0.1")
    assert "no_validation" in kinds_of("model_training", HEAD, SPLIT, NET.format(more=""))
    found = kinds_of("model_training", HEAD, SPLIT, share)
    assert "cross_validated" in found and "no_validation" not in found


def test_settings_tried_in_a_loop_on_test_rows_are_not_denied() -> None:
    loop = "for k in range(1, 9):\n    m = KNeighborsClassifier(n_neighbors=k).fit(A, ya)\n    print(m.score(B, yb))"
    assert "no_search" not in kinds_of("model_training", HEAD, SPLIT, loop)


def test_a_missing_validation_is_told_once() -> None:
    told = [f.text for f in facts_of("model_training", HEAD, SPLIT, "m = SVC().fit(A, ya)\nprint(m.score(B, yb))")]
    assert sum("validation" in text for text in told) == 1


def test_nothing_is_said_of_models_in_code_that_cannot_be_read() -> None:
    assert kinds_of("metrics_evaluation", "x = 1") == {"nothing_to_evaluate"}
    assert kinds_of("metrics_evaluation", "x = 1", "fit <- lm(y ~ x") == set()
    made = notebook("x = 1")
    foreign = Notebook(**{n: getattr(made, n) for n in made.__dataclass_fields__} | {"language": "r"})
    assert not read_evidence(foreign).of("metrics_evaluation")
