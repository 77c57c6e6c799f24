"""What sentences about gaps and features may claim: where steps stand, which columns, and on which rows."""

from __future__ import annotations

import pytest

from nbalign.evidence import Fact
from tests.evidence.building import Piece, code, facts_of, md

GAPS = "data_imputation"
FEATURES = "feature_engineering"

START = """
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
df = pd.read_csv('loans.csv')
"""
SPLIT = """
X = df.drop(columns=['defaulted'])
y = df['defaulted']
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
"""
FIT = "model = LogisticRegression().fit(X_train, y_train)\nprint(accuracy_score(y_test, model.predict(X_test)))"
NULLS = code("df.isnull().sum()", result="income        43\nage            0\ndefaulted      0\ndtype: int64")


def one(dimension: str, kind: str, *cells: str | Piece) -> Fact:
    """The one fact of a kind."""
    found = [f for f in facts_of(dimension, *cells) if f.kind.name == kind]
    assert len(found) == 1
    return found[0]


def none(dimension: str, kind: str, *cells: str | Piece) -> bool:
    """Whether no fact of a kind is stated."""
    return all(f.kind.name != kind for f in facts_of(dimension, *cells))


@pytest.mark.parametrize(
    ("dimension", "kind", "body", "call"),
    [
        (
            GAPS,
            "fill_learned_from_test_rows",
            "d['income'] = d['income'].fillna(d['income'].mean())\n    return d",
            "f(df)",
        ),
        (GAPS, "incomplete_rows_dropped", "return d.dropna()", "f(df)"),
        (GAPS, "constant_by_hand", "return d.fillna({'income': 4000})", "f(df)"),
        (FEATURES, "features_built", "d['ratio'] = d['income'] / d['age']\n    return d", "f(df)"),
        (
            FEATURES,
            "scaled_before_split",
            "d[['income']] = StandardScaler().fit_transform(d[['income']])\n    return d",
            "f(df)",
        ),
    ],
)
def test_a_step_in_a_function_is_cited_where_it_stands_and_where_it_is_called(
    dimension: str, kind: str, body: str, call: str
) -> None:
    cells = (START, f"def f(d):\n    d = d.copy()\n    {body}", f"df = {call}", SPLIT, FIT)
    assert {2, 3} <= set(one(dimension, kind, *cells).cells)


@pytest.mark.parametrize(
    ("dimension", "kind"), [(GAPS, "imputer_in_pipeline"), (FEATURES, "prepared_on_training_rows")]
)
def test_a_pipeline_made_by_a_function_is_cited_where_it_stands_and_where_it_is_fitted(
    dimension: str, kind: str
) -> None:
    make = "def build():\n    return make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression())"
    fact = one(dimension, kind, START, make, SPLIT, "pipe = build()", "pipe.fit(X_train, y_train)")
    assert fact.cells == (2, 4, 5)


def test_windows_without_known_names_get_no_made_up_ones() -> None:
    smooth = "for c in ['income', 'age']:\n    df[f'{c}_smooth'] = df[c].rolling(5, center=True).mean()"
    fact = one(FEATURES, "window_looks_ahead", START, smooth, SPLIT, FIT)
    assert "a feature of" not in fact.text


def test_a_list_of_features_is_not_said_to_be_complete_beside_a_loop() -> None:
    more = "for k in range(1, n):\n    df[f'lag{k}'] = df['income'].shift(k)\ndf['ratio'] = df['income'] / df['age']"
    assert ", among them 'ratio'" in one(FEATURES, "features_built", START, more, SPLIT, FIT).text
    alone = "df['ratio'] = df['income'] / df['age']"
    assert "built: 'ratio'" in one(FEATURES, "features_built", START, alone, SPLIT, FIT).text


@pytest.mark.parametrize("again", ["sc.fit_transform(new)", "StandardScaler().fit_transform(new)"])
def test_training_rows_alone_is_not_said_of_what_is_fitted_again_on_new_rows(again: str) -> None:
    fitted = "sc = StandardScaler()\nX_train = sc.fit_transform(X_train)\nX_test = sc.transform(X_test)"
    later = f"new = pd.DataFrame({{'income': [1.0, 2.0]}})\nprint(model.predict({again}))"
    assert none(FEATURES, "prepared_on_training_rows", START, SPLIT, fitted, FIT, later)
    assert one(FEATURES, "prepared_on_training_rows", START, SPLIT, fitted, FIT).cells == (3,)


def test_an_imputer_of_a_branch_is_not_said_to_fill_all_columns() -> None:
    made = "prep = ColumnTransformer([('num', make_pipeline(SimpleImputer(), StandardScaler()), ['income'])])"
    columns = "X = df[['income', 'age', 'region']]\ny = df['defaulted']\nX_train, X_test, y_train, y_test = train_test_split(X, y)"
    fitted = "A = prep.fit_transform(X_train)\nB = prep.transform(X_test)\nm = LogisticRegression().fit(A, y_train)"
    fact = one(GAPS, "fill_learned_from_training", START, columns, made, fitted)
    assert "'income'" in fact.text
    assert "'age'" not in fact.text
    assert fact.cells == (3, 4)


def test_zeros_are_not_declared_missing_where_the_minimum_excludes_them() -> None:
    table = "       rating  children\ncount  100.0  100.0\nmin    1.0    0.0\n50%    4.0    1.0\nmax    5.0    4.0"
    shown = code("df.describe()", result=table)
    blanked = "cols = ['rating', 'children']\ndf[cols] = df[cols].replace(0, np.nan)\ndf = df.fillna(df.median())"
    fact = one(GAPS, "zeros_declared_missing", START, shown, blanked, SPLIT, FIT)
    assert "'children'" in fact.text
    assert "'rating'" not in fact.text


@pytest.mark.parametrize("column", ["wind_speed", "distance", "temperature", "income"])
def test_a_zero_that_may_be_true_is_not_called_impossible(column: str) -> None:
    assert none(GAPS, "filled_with_meaningless", START, f"df['{column}'] = df['{column}'].fillna(0)", SPLIT, FIT)


def test_gaps_of_the_target_itself_are_not_compared_with_the_target() -> None:
    own = "print(df.loc[df.age == 1, 'defaulted'].isna().mean())\ndf = df.dropna()"
    other = "print(df.loc[df['income'].isna(), 'defaulted'].mean())\ndf = df.dropna()"
    assert none(GAPS, "missing_compared", START, NULLS, own, SPLIT, FIT)
    assert one(GAPS, "missing_compared", START, NULLS, other, SPLIT, FIT).cells == (3,)


def test_an_identifier_is_kept_out_where_x_is_made_and_not_in_a_look() -> None:
    look = "df.drop(columns='loan_id').describe()"
    split = SPLIT.replace("['defaulted']", "['loan_id', 'defaulted']", 1)
    assert one(FEATURES, "identifier_kept_out", START, look, split, FIT).cells == (3,)


def test_columns_dropped_after_words_of_a_smaller_set_are_not_said_to_be_dropped_without_a_word() -> None:
    split = SPLIT.replace("['defaulted']", "['region', 'income', 'defaulted']", 1)
    assert one(FEATURES, "dropped_unexplained", START, md("## Features"), split, FIT).cells == (3,)
    assert none(FEATURES, "dropped_unexplained", START, md("Going on with a smaller set."), split, FIT)


@pytest.mark.parametrize(
    "step",
    [
        "df['age_group'] = pd.qcut(df['age'], 4, labels=['a', 'b', 'c', 'd']).astype(str)",
        "df['age_group'] = pd.cut(df['age'], [0, 30, 60, 99])",
    ],
)
def test_a_column_that_is_cut_into_groups_is_built(step: str) -> None:
    assert none(FEATURES, "nothing_built", START, step, SPLIT, FIT)
    assert not none(FEATURES, "nothing_built", START, SPLIT, FIT)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Empty cells get the median, because incomes are skewed.", True),
        ("Empty cells get a number, and everything goes on one scale so that coefficients compare.", False),
        ("Gaps get the median. Scaling comes next because the model needs it.", False),
    ],
)
def test_a_reason_for_gaps_stands_in_their_own_clause(words: str, reason: bool) -> None:
    cells = (START, NULLS, md(words), "df = df.fillna(df.median())", SPLIT, FIT)
    assert none(GAPS, "missing_reasoned", *cells) is not reason
