"""What sentences about models claim and which cells they cite: no more than the notebook shows."""

from __future__ import annotations

import pytest

from nbalign.evidence.model import Fact
from tests.evidence.building import Piece, code, facts_of
from tests.evidence.training_cases import PREDICT, READ, SPLIT

HEAD = """
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score
from sklearn.metrics import accuracy_score
import numpy as np
"""
SERIES = """
import pandas as pd
import statsmodels.formula.api as smf
from sklearn.linear_model import Ridge
d = pd.read_csv("data/demand.csv", parse_dates=["date"]).sort_values("date").set_index("date")
d["lag_1"] = d["units"].shift(1)
d = d.dropna()
train, test = d.iloc[:-30], d.iloc[-30:]
"""
AHEAD = "Forecast the next 14 days of demand from data/demand.csv."
TABLE = "Which customers in data/telco.csv are likely to churn?"


def one(dimension: str, kind: str, *cells: str | Piece, prompt: str = PREDICT) -> Fact | None:
    found = [f for f in facts_of(dimension, *cells, prompt=prompt) if f.kind.name == kind]
    assert len(found) < 2
    return found[0] if found else None


def test_a_maker_of_features_is_no_rival() -> None:
    axes = (
        "lda = LinearDiscriminantAnalysis().fit(X_train, y_train)\nA, B = lda.transform(X_train), lda.transform(X_test)"
    )
    fit = "m = LogisticRegression().fit(A, y_train)\nprint(m.score(B, y_test))"
    assert one("model_training", "rivals", HEAD, READ, SPLIT, axes, fit) is None
    both = one("model_training", "rivals", HEAD, READ, SPLIT, axes + "\nprint(lda.score(X_test, y_test))", fit)
    assert both is not None
    assert both.text.startswith("2 kinds of models")


def test_models_of_a_loop_are_not_counted() -> None:
    loop = """
for m in (LogisticRegression(), RandomForestClassifier()):
    m.fit(X_train, y_train)
    print(m.score(X_test, y_test))
"""
    fact = one("model_training", "rivals", HEAD, READ, SPLIT, loop)
    assert fact is not None
    assert fact.text.startswith("several kinds of models")


def test_settings_compared_in_a_loop_are_not_counted() -> None:
    loop = """
best, top = None, 0
for c in (0.1, 1, 10):
    m = LogisticRegression(C=c).fit(X_train, y_train)
    s = accuracy_score(y_test, m.predict(X_test))
    if s > top:
        best, top = m, s
"""
    fact = one("model_training", "chosen_on_test", HEAD, READ, SPLIT, loop)
    assert fact is not None
    assert fact.text.startswith("several models or settings")


def test_a_cell_that_failed_is_not_cited_for_what_it_would_have_done() -> None:
    cross = "s = cross_val_score(LogisticRegression(), X_train, y_train)"
    failed = code(cross, error=("NameError", "name 'X_train' is not defined"))
    fact = one("model_training", "cross_validated", HEAD, READ, failed, SPLIT, cross)
    assert fact is not None
    assert fact.cells == (5,)
    assert one("model_training", "cross_validated", HEAD, READ, SPLIT, failed) is None


def test_fixed_settings_are_cited_wherever_the_named_models_are_trained() -> None:
    a = "a = LogisticRegression().fit(X_train, y_train)\nprint(a.score(X_test, y_test))"
    b = "b = RandomForestClassifier().fit(X_train, y_train)\nprint(b.score(X_test, y_test))"
    cross = "print(cross_val_score(RandomForestClassifier(), X_train, y_train))"
    fact = one("model_training", "no_search", HEAD, READ, SPLIT, a, b, a)
    assert fact is not None
    assert fact.cells == (4, 5, 6)
    fact = one("model_training", "no_search", HEAD, READ, SPLIT, cross, a)
    assert fact is not None
    assert fact.cells == (4, 5)


def test_the_call_and_the_text_of_the_call_are_both_cited() -> None:
    make = "def train(m):\n    return cross_val_score(m, X_train, y_train)"
    fact = one("model_training", "cross_validated", HEAD, READ, SPLIT, make, "train(LogisticRegression())")
    assert fact is not None
    assert fact.cells == (4, 5)


WALKS = (
    """
for day in test.index:
    past = d.loc[:day - pd.Timedelta(days=1)]
    fit = smf.ols("units ~ lag_1", past).fit()
    print(fit.predict(d.loc[[day]]))
""",
    """
for i in range(100, len(d)):
    m = Ridge().fit(d[["lag_1"]].iloc[:i], d["units"].iloc[:i])
    print(m.predict(d[["lag_1"]].iloc[i:i + 1]))
""",
    """
def step(past, now):
    m = Ridge().fit(past[["lag_1"]], past["units"])
    return m.predict(now[["lag_1"]])
for day in test.index:
    print(step(d[d.index < day], d.loc[[day]]))
""",
)


@pytest.mark.parametrize("walk", WALKS)
def test_a_model_fitted_anew_in_time_is_not_said_to_lack_validation(walk: str) -> None:
    facts = facts_of("model_training", SERIES, walk, prompt=AHEAD)
    assert not any("no cross-validation" in f.text for f in facts)


STANDS = (
    "for a in (0.1, 1):\n    m = Ridge(solver='svd').fit(train[['lag_1']], train['units'])\n"
    "    print(m.score(test[['lag_1']], test['units']))",
    "for n in (50, 100):\n    m = Ridge().fit(train[['lag_1']].iloc[:n], train['units'].iloc[:n])\n"
    "    print(abs(m.predict(test[['lag_1']]) - test['units']).mean())",
)


@pytest.mark.parametrize("loop", STANDS)
def test_a_loop_that_does_not_move_through_time_is_no_validation(loop: str) -> None:
    assert one("model_training", "no_validation", SERIES, loop, prompt=AHEAD) is not None


FIT = "m = Ridge().fit(train[['lag_1']], train['units'])\nprint(m.score(test[['lag_1']], test['units']))"
KNOWN = "print(m.predict(test[['lag_1']]))"
TO_COME = (
    "f = pd.DataFrame(index=pd.date_range(d.index[-1], periods=14))\nf['lag_1'] = d['units'].values[-14:]\n"
    "print(m.predict(f[['lag_1']]))",
    "t = d.copy()\nfor k in range(14):\n    t.loc[len(t), 'lag_1'] = t['units'].iloc[-1]\n"
    "    t.iloc[-1, 0] = m.predict(t[['lag_1']].tail(1))[0]\nprint(t.tail(14))",
)


@pytest.mark.parametrize("ahead", TO_COME)
def test_rows_to_come_that_are_built_keep_the_alarm_silent(ahead: str) -> None:
    kind = "asked_rows_not_predicted"
    assert one("model_use", kind, SERIES, FIT, KNOWN, prompt=AHEAD) is not None
    assert one("model_use", kind, SERIES, FIT, KNOWN, ahead, prompt=AHEAD) is None


def test_the_reloaded_model_is_cited_where_it_is_used() -> None:
    fit = "m = LogisticRegression().fit(X_train, y_train)\nprint(m.score(X_test, y_test))"
    store = "import joblib\njoblib.dump(m, 'm.joblib')\nback = joblib.load('m.joblib')"
    new = "print(back.predict(pd.DataFrame({'age': [30], 'fee': [2.0]})))"
    late = "print(accuracy_score(y_test, m.predict(X_test)))"
    fact = one("model_use", "stored_and_loaded", HEAD, READ, SPLIT, fit, store, new, late)
    assert fact is not None
    assert fact.cells == (5, 6)


@pytest.mark.parametrize(("drop", "word"), [("", "all rows"), ("df = df.dropna()\n", "all remaining rows")])
def test_rows_that_were_dropped_are_not_said_to_be_scored(drop: str, word: str) -> None:
    read = READ.strip().replace("X, y", drop + "X, y")
    fit = "m = LogisticRegression().fit(X_train, y_train)\nprint(m.score(X_test, y_test))"
    new = "print(m.predict(pd.DataFrame({'age': [30], 'fee': [2.0]})))"
    scored = "df['p'] = m.predict(X)\nprint(df.head())"
    fact = one("model_use", "known_rows_scored", HEAD, read, SPLIT, fit, new, scored, prompt=TABLE)
    assert fact is not None
    assert fact.text.startswith(word + " are scored")
