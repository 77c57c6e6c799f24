"""Model use: scalers of new rows, models that loops leave behind, times ahead, and what prompts are for."""

from __future__ import annotations

import pytest

from nbalign.evidence.facts.models.model_prompt import read_prompt
from tests.evidence.building import facts_of, kinds_of

HEAD = """
import pandas as pd
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
d = pd.read_csv("loans.csv")
X, y = d[["income", "debt"]], d["bad"]
A, B, ya, yb = train_test_split(X, y, random_state=0)
"""
NEW = 'new = pd.DataFrame({"income": [40, 60], "debt": [1, 2]})\n'
ASKED = "Which applicants in loans.csv default? Decide for two new applicants, too."

REFITTED = (
    "m = RandomForestClassifier().fit(A, ya)",
    "m = make_pipeline(StandardScaler(), LogisticRegression()).fit(A, ya)",
    "sc = MinMaxScaler().fit(A)\nm = LogisticRegression().fit(sc.transform(A), ya)",
)


@pytest.mark.parametrize("fit", REFITTED)
def test_a_scaler_fitted_on_the_new_rows_is_a_fault(fit: str) -> None:
    use = NEW + "cols = list(new.columns)\nnew[cols] = StandardScaler().fit_transform(new[cols])\nprint(m.predict(new))"
    assert "preparation_refitted" in kinds_of("model_use", HEAD, fit, use, prompt=ASKED)


@pytest.mark.parametrize(
    ("fit", "use"),
    [
        ("m = RandomForestClassifier().fit(A, ya)", "print(m.predict(new))"),
        ("sc = MinMaxScaler().fit(A)\nm = Ridge().fit(sc.transform(A), ya)", "print(m.predict(sc.transform(new)))"),
        ("m = RandomForestClassifier().fit(A, ya)", "print(m.predict(pd.concat([new, B])))"),
    ],
)
def test_new_rows_without_a_scaler_of_their_own_are_no_fault(fit: str, use: str) -> None:
    assert "preparation_refitted" not in kinds_of("model_use", HEAD, fit, NEW + use, prompt=ASKED)


LEFT = (
    """
found = {}
for n, m, grid in [("logit", LogisticRegression(), {"C": [1, 2]}), ("forest", RandomForestClassifier(), {})]:
    m = GridSearchCV(m, grid).fit(A, ya)
    found[n] = m
win = max(found, key=lambda k: found[k].best_score_)
""",
    """
scores = {}
for n, c in {"logit": LogisticRegression(), "forest": RandomForestClassifier()}.items():
    m = Pipeline([("scale", StandardScaler()), ("clf", c)])
    m.fit(A, ya)
    scores[n] = m.score(B, yb)
""",
    """
for m in [LogisticRegression(), RandomForestClassifier()]:
    m = m.fit(A, ya)
    print(m.score(B, yb))
""",
)


@pytest.mark.parametrize("loop", LEFT)
def test_a_model_that_a_loop_leaves_behind_is_not_the_chosen_one(loop: str) -> None:
    use = NEW + "print(m.predict_proba(new))"
    assert "other_model" in kinds_of("model_use", HEAD, loop, use, prompt=ASKED)


KEPT = (
    # Bound only when it is better.
    """
top = 0
for c in [LogisticRegression(), RandomForestClassifier()]:
    s = cross_val_score(c, A, ya).mean()
    if s > top:
        top, m = s, c.fit(A, ya)
""",
    # Bound anew after the loop.
    """
found = {}
for n, m in {"logit": LogisticRegression(), "forest": RandomForestClassifier()}.items():
    m = GridSearchCV(m, {}).fit(A, ya)
    found[n] = m
m = found[max(found, key=lambda k: found[k].best_score_)]
""",
    # The model does not come from what is looped over.
    """
for k in ["income", "debt"]:
    m = LogisticRegression().fit(A, ya)
""",
)


@pytest.mark.parametrize("loop", KEPT)
def test_a_model_that_was_kept_on_purpose_is_no_leftover(loop: str) -> None:
    use = NEW + "print(m.predict_proba(new))"
    assert "other_model" not in kinds_of("model_use", HEAD, loop, use, prompt=ASKED)


SERIES = """
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
d = pd.read_csv("stocks.csv")
d["date"] = pd.to_datetime(d["date"])
d["lag1"] = d.groupby("symbol")["price"].shift(1)
X, y = d[["lag1"]], d["price"]
A, B, ya, yb = train_test_split(X, y, shuffle=False)
m = Ridge().fit(A, ya)
"""
PICKS = """
for i, r in d.sort_values("date").tail(5).iterrows():
    print(r["symbol"], m.predict(X.loc[[i]])[0])
"""
NEXT = "Predict next month's price for each stock in stocks.csv."


def test_rows_picked_out_of_the_data_are_no_time_ahead() -> None:
    assert "asked_rows_not_predicted" in kinds_of("model_use", SERIES, PICKS, prompt=NEXT)


@pytest.mark.parametrize(
    ("head", "use"),
    [
        # The target of a row is the price of the next month.
        (SERIES.replace('d["price"]\n', 'd.groupby("symbol")["price"].shift(-1)\n'), PICKS),
        # The row is written into before it is predicted.
        (SERIES, "for i in range(3):\n    X.loc[9] = 1.0\n    print(m.predict(X.loc[[9]])[0])"),
        # Rows are put together first.
        (SERIES, "X = pd.concat([X, X.tail(1)])\n" + PICKS),
    ],
)
def test_rows_that_may_stand_for_a_time_ahead_are_not_accused(head: str, use: str) -> None:
    assert "asked_rows_not_predicted" not in kinds_of("model_use", head, use, prompt=NEXT)


@pytest.mark.parametrize("target", ["failed_next_7d", "bad", "churn_30d"])
def test_a_target_that_looks_ahead_needs_no_rows_to_come(target: str) -> None:
    head = HEAD.replace('"bad"', f'"{target}"')
    use = "m = RandomForestClassifier().fit(A, ya)\nprint(m.predict_proba(B)[:, 1])"
    for prompt in ("Which machines in loans.csv will fail in the next 7 days?", "Who will churn next month? loans.csv"):
        assert "asked_rows_not_predicted" not in kinds_of("model_use", head, use, prompt=prompt)


@pytest.mark.parametrize(
    ("prompt", "predictions"),
    [
        ("Build a readmission risk model from data/stays.csv so that the ward can plan follow-up calls.", "unknown"),
        ("Train a churn model on data/c.csv so we can contact customers early.", "unknown"),
        ("Train a churn model on data/c.csv and explain what drives churn.", "none"),
        ("Compare three models on data/c.csv so we can see how they do.", "none"),
        ("The crew wants to know which machines in data/m.csv will fail in the next 7 days.", "table"),
        ("Predict next month's price for each stock in data/stocks.csv.", "future"),
        ("Which day next week will be the busiest? Data: data/visits.csv", "future"),
    ],
)
def test_what_a_prompt_asks_to_be_predicted(prompt: str, predictions: str) -> None:
    assert read_prompt(prompt).predictions == predictions


def test_probabilities_of_the_wrong_model_are_no_merit() -> None:
    kinds = {
        f.kind.name for f in facts_of("model_use", HEAD, LEFT[0], NEW + "print(m.predict_proba(new))", prompt=ASKED)
    }
    assert "with_probabilities" not in kinds
