"""Settings that loops vary by hand, and models that loops vary: only the first are a search."""

from __future__ import annotations

import pytest

from tests.evidence.building import kinds_of, md

HEAD = """
import numpy as np
import pandas as pd
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import Lasso, Ridge
from sklearn.model_selection import cross_val_score, train_test_split
d = pd.read_csv("homes.csv")
X, y = d.drop(columns="price"), d["price"]
A, B, ya, yb = train_test_split(X, y, random_state=0)
"""
WALK = """
def fit(table, penalty):
    return Ridge(penalty).fit(table[["x"]], table["y"])
def walk(years, penalty):
    return np.array([fit(d[d.year < t], penalty).predict(d.loc[d.year == t, ["x"]]) for t in years])
grid = {a: np.abs(walk(range(1990, 2000), a) - d.y).mean() for a in (1, 10, 100)}
best = min(grid, key=grid.get)
"""


def test_settings_varied_through_functions_are_not_denied() -> None:
    assert not {"no_search", "no_validation"} & kinds_of("model_training", HEAD, WALK)


def test_fits_in_a_loop_over_other_things_are_still_no_search() -> None:
    loop = "for seed in range(3):\n    m = Ridge(random_state=seed).fit(A, ya)\n    print(m.score(B, yb))"
    assert "no_search" in kinds_of("model_training", HEAD, loop)


def test_models_in_a_loop_are_no_settings() -> None:
    loop = """
def make(r):
    return TransformedTargetRegressor(r, func=np.log, inverse_func=np.exp)
for r in [Ridge(1.0), Lasso(1.0)]:
    print(cross_val_score(make(r), A, ya).mean())
m = make(Ridge(1.0)).fit(A, ya)
print(m.score(B, yb))
"""
    assert "searched_on_training" not in kinds_of("model_training", HEAD, loop)


def test_settings_in_a_loop_compared_by_folds_are_a_search() -> None:
    loop = "for a in [1, 10]:\n    print(cross_val_score(Ridge(alpha=a), A, ya).mean())\nm = Ridge(alpha=10).fit(A, ya)"
    assert "searched_on_training" in kinds_of("model_training", HEAD, loop)


@pytest.mark.parametrize("words", ["Both naive forecasts are worse.", "The climatology is the forecast to beat."])
def test_a_reference_that_is_named_keeps_the_lack_of_one_unsaid(words: str) -> None:
    cell = "m = Ridge().fit(A, ya)\nprint(m.score(B, yb))"
    assert "no_rival" in kinds_of("model_training", HEAD, cell)
    assert "no_rival" not in kinds_of("model_training", HEAD, cell, md(words))
