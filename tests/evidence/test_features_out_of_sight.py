"""Facts about features that are built where the data flow does not follow: in functions, arrays, tables, pipelines."""

from __future__ import annotations

import pytest

from nbalign.evidence.facts.feature_engineering import DIMENSION
from tests.evidence.building import facts_of, kinds_of, md

READ = """
import numpy as np
import pandas as pd
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
df = pd.read_csv("homes.csv")
"""
FIT = """
X, y = df.drop(columns="price"), df["price"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model = LinearRegression().fit(X_train, y_train)
"""
OWN_FIT = "model = LinearRegression().fit(F, t)"


@pytest.mark.parametrize(
    "cell",
    [
        """
        def add_features(d):
            u = d["rate"]
            return pd.DataFrame({"du1": u.diff().shift(1), "gap1": (u - u.rolling(20).mean()).shift(1)})

        F = add_features(df).dropna()
        t = df["rate"].loc[F.index]
        """,
        """
        def origin(series, end):
            past = series.loc[:end]
            return np.array([past.iloc[-1], past.iloc[-2], past.iloc[-12:].mean()])

        F, t = [], []
        for at in df.index[24:]:
            F.append(origin(df["rate"], at - 1))
            t.append(df["rate"][at])
        """,
        """
        features = np.column_stack([df["a"] / df["b"], np.log(df["c"])])
        F, t = features, df["price"]
        """,
        """
        def lagged(s, k):
            return pd.concat({f"lag{i}": s.shift(i) for i in range(1, k + 1)}, axis=1)

        F, t = lagged(df["rate"], 3).dropna(), df["rate"].iloc[3:]
        """,
        """
        def make_features(frame):
            ratio = frame["a"] / frame["b"]
            return np.c_[frame.to_numpy(), ratio]

        F, t = make_features(df), df["price"]
        """,
        "F, t = PCA(3).fit_transform(df.drop(columns='price')), df['price']",
    ],
)
def test_features_made_out_of_sight_are_not_said_to_be_missing(cell: str) -> None:
    assert "nothing_built" not in kinds_of(DIMENSION, READ, cell, OWN_FIT)


@pytest.mark.parametrize(
    "cell",
    [
        "def show(d):\n    d.rolling(3).mean().plot()\n",
        "def rmse(a, b):\n    return np.sqrt(((a - b) ** 2).mean())\n",
        "def clean(d):\n    return d.dropna()\n",
        "def plot_lags(d):\n    ax = d.shift(1).plot()\n    return ax\n",
        "df.groupby('town')['price'].mean()",
    ],
)
def test_plots_scores_and_repairs_build_nothing(cell: str) -> None:
    assert "nothing_built" in kinds_of(DIMENSION, READ, cell, FIT)


@pytest.mark.parametrize(
    "pipeline",
    [
        "model = make_pipeline(StandardScaler(), PCA(5), LinearRegression()).fit(X_train, y_train)",
        "model = Pipeline([('s', StandardScaler()), ('p', PCA(n_components=8)), ('m', LinearRegression())])\n"
        "model.fit(X_train, y_train)",
        "search = GridSearchCV(make_pipeline(TruncatedSVD(5), LinearRegression()), {'truncatedsvd__n_components': [2]})\n"
        "search.fit(X_train, y_train)",
    ],
)
def test_components_inside_a_pipeline_are_built(pipeline: str) -> None:
    split = "X, y = df.drop(columns='price'), df['price']\nX_train, X_test, y_train, y_test = train_test_split(X, y)"
    kinds = kinds_of(DIMENSION, READ, split, pipeline)
    assert "features_built" in kinds
    assert "nothing_built" not in kinds


def test_columns_that_a_formula_names_are_built() -> None:
    cells = (
        READ,
        'd = pd.DataFrame({"du": u.diff(), "du1": u.diff().shift(1), "other": u.shift(9)})',
        'import statsmodels.formula.api as smf\nfit = smf.ols("du ~ du1", d).fit()',
    )
    built = [f.text for f in facts_of(DIMENSION, *cells) if f.kind.name == "features_built"]
    assert built
    assert "du1" in built[0]
    assert "other" not in built[0]


def test_no_word_is_said_only_where_none_is() -> None:
    words = md("The columns of the file go into the model as they are.")
    said = [f.text for f in facts_of(DIMENSION, READ, words, FIT) if f.kind.name == "nothing_built"]
    silent = [f.text for f in facts_of(DIMENSION, READ, FIT) if f.kind.name == "nothing_built"]
    assert said == ["no feature is built or selected"]
    assert silent == ["no feature is built or selected, and no word is said about it"]
