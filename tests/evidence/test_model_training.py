"""Facts about model training: every kind on notebooks that must state it and on notebooks that must not."""

from __future__ import annotations

from collections import Counter

import pytest

from nbalign.evidence.facts.model_training import KINDS
from nbalign.evidence.rules import rule_score
from tests.evidence.building import code, facts_of, kinds_of, md
from tests.evidence.training_cases import CASES, READ, SPLIT, Case
from tests.evidence.training_fault_cases import FAULT_CASES

D = "model_training"
ALL = CASES + FAULT_CASES


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_exactly_these_kinds_are_stated(case: Case) -> None:
    assert kinds_of(D, *case.cells, prompt=case.prompt) == set(case.kinds.split())


def test_every_kind_is_met_and_missed_often_enough() -> None:
    seen = Counter(kind for case in ALL for kind in case.kinds.split())
    assert set(seen) == {kind.name for kind in KINDS}
    assert {name: n for name, n in seen.items() if n < 5 or len(ALL) - n < 5} == {}


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_sentences_are_short_and_point_at_cells_that_exist(case: Case) -> None:
    for fact in facts_of(D, *case.cells, prompt=case.prompt):
        assert len(fact.text) < 160
        assert "\n" not in fact.text
        assert set(fact.cells) <= set(range(1, len(case.cells) + 1))


def test_all_main_virtues_make_a_three() -> None:
    case = next(c for c in CASES if c.name.startswith("a seed for all, a dummy"))
    found = rule_score(D, facts_of(D, *case.cells, prompt=case.prompt))
    assert found is not None
    assert found.score == 3


def test_many_small_gaps_still_make_a_two() -> None:
    case = next(c for c in CASES if c.name == "no seed and no stratify")
    found = rule_score(D, facts_of(D, *case.cells, prompt=case.prompt))
    assert found is not None
    assert found.score == 2


@pytest.mark.parametrize("case", [c for c in ALL if "search" not in c.kinds.split()], ids=lambda case: case.name)
def test_a_fault_makes_a_one(case: Case) -> None:
    facts = facts_of(D, *case.cells, prompt=case.prompt)
    found = rule_score(D, facts)
    if any(f.kind.polarity == "fault" for f in facts):
        assert found is not None
        assert found.score == 1


def test_without_code_or_prompt_nothing_is_said() -> None:
    assert facts_of(D, md("# Notes")) == ()


def test_a_broken_cell_keeps_absence_silent() -> None:
    assert kinds_of(D, READ, "m = = fit(", prompt="Train a model on data/telco.csv.") == set()


def test_names_of_the_notebook_are_quoted_and_cut() -> None:
    hostile = READ.replace("churned", "c" * 300) + SPLIT
    for fact in facts_of(D, hostile, prompt="Train a model."):
        assert len(fact.text) < 160


HONEST = (
    # A table that holds test scores too is ordered by the scores of cross-validation.
    """
out, fitted = [], {}
for name, (m, grid) in {"a": (LogisticRegression(), {"C": [1, 9]}), "b": (SVC(), {"C": [1, 9]})}.items():
    fitted[name] = GridSearchCV(m, grid).fit(X_train, y_train)
    out.append({"name": name, "cv": fitted[name].best_score_, "test": fitted[name].score(X_test, y_test)})
table = pd.DataFrame(out).sort_values("cv", ascending=False)
best = fitted[table.iloc[0]["name"]]
""",
    # A table of test scores is sorted only to be looked at.
    """
found = {}
for m in (LogisticRegression(), SVC()):
    found[type(m).__name__] = m.fit(X_train, y_train).score(X_test, y_test)
pd.Series(found).sort_values()
""",
    # The best of a loop is taken on a validation part.
    """
X_fit, X_val, y_fit, y_val = train_test_split(X_train, y_train, random_state=0)
best, top = None, 0
for c in (0.1, 1, 10):
    m = SVC(C=c).fit(X_fit, y_fit)
    if m.score(X_val, y_val) > top:
        best, top = m, m.score(X_val, y_val)
print(best.score(X_test, y_test))
""",
    # A classical model of all rows is read before the split.
    """
import statsmodels.api as sm
print(sm.OLS(y, sm.add_constant(X)).fit().summary())
m = SVC().fit(X_train, y_train)
print(m.score(X_test, y_test))
""",
    # Rows are made inside the pipeline of every fold.
    """
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import Pipeline
p = Pipeline([("s", SMOTE(random_state=0)), ("m", SVC())])
print(cross_val_score(p, X_train, y_train).mean(), p.fit(X_train, y_train).score(X_test, y_test))
""",
    # Training and test scores stand side by side.
    """
m = SVC().fit(X_train, y_train)
print(m.score(X_train, y_train), m.score(X_test, y_test))
""",
    # The last fit on all rows comes after the measuring, under another name.
    """
m = SVC().fit(X_train, y_train)
print(m.score(X_test, y_test))
live = SVC().fit(X, y)
""",
)


@pytest.mark.parametrize("snippet", HONEST)
def test_honest_code_is_not_accused(snippet: str) -> None:
    head = """
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.svm import SVC
df = pd.read_csv("data/telco.csv")
X, y = df.drop(columns="churned"), df["churned"]
X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)
"""
    facts = facts_of(D, head, snippet, prompt="Predict churned from data/telco.csv.")
    assert [f.text for f in facts if f.kind.polarity == "fault"] == []


def test_a_fit_in_a_cell_that_failed_later_counts() -> None:
    fit = "from sklearn.svm import SVC\nm = SVC().fit(X_train, y_train)\nprint(m.coef_)"
    failing = code(fit, error=("AttributeError", "coef_ is only available with a linear kernel"))
    assert "training_failed" not in kinds_of(
        D, READ, SPLIT, failing, "m.score(X_test, y_test)", prompt="Train a model."
    )


def test_a_cut_off_tuned_on_test_rows_is_milder_than_a_model() -> None:
    facts = facts_of(
        D,
        READ,
        SPLIT,
        """
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
p = LogisticRegression().fit(X_train, y_train).predict_proba(X_test)[:, 1]
best, top = 0.5, 0
for cut in np.arange(0.1, 0.9, 0.1):
    f = f1_score(y_test, p > cut)
    if f > top:
        best, top = cut, f
""",
        prompt="Train a model.",
    )
    assert [f.points for f in facts if f.kind.name == "chosen_on_test"] == [-0.7]
