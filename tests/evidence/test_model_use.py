"""Facts about model use: every kind on notebooks that must state it and on notebooks that must not."""

from __future__ import annotations

from collections import Counter

import pytest

from nbalign.evidence.facts.model_use import KINDS
from nbalign.evidence.rules import rule_score
from tests.evidence.building import facts_of, kinds_of, md
from tests.evidence.training_cases import Case
from tests.evidence.use_cases import USE_CASES

D = "model_use"


@pytest.mark.parametrize("case", USE_CASES, ids=lambda case: case.name)
def test_exactly_these_kinds_are_stated(case: Case) -> None:
    assert kinds_of(D, *case.cells, prompt=case.prompt) == set(case.kinds.split())


def test_every_kind_is_met_and_missed_often_enough() -> None:
    seen = Counter(kind for case in USE_CASES for kind in case.kinds.split())
    assert set(seen) == {kind.name for kind in KINDS}
    assert {name: n for name, n in seen.items() if n < 5 or len(USE_CASES) - n < 5} == {}


@pytest.mark.parametrize("case", USE_CASES, ids=lambda case: case.name)
def test_sentences_are_short_and_point_at_cells_that_exist(case: Case) -> None:
    for fact in facts_of(D, *case.cells, prompt=case.prompt):
        assert len(fact.text) < 160
        assert "\n" not in fact.text
        assert set(fact.cells) <= set(range(1, len(case.cells) + 1))


SCORES = {
    "stored, read back, probabilities for new rows": 3,
    "a pipeline labels new rows": 3,
    "features typed again for new rows": 2,
    "only rows of the test part": 2,
    "a fresh scaler for new rows": 1,
    "training rows as new customers": 1,
    "the rejected model answers": 1,
    "two homes that are never valued": 1,
    "a model that is never applied": 1,
    "no predictions are asked for": 0,
}


@pytest.mark.parametrize("name", SCORES)
def test_the_rule_score_is_what_the_rubric_says(name: str) -> None:
    case = next(c for c in USE_CASES if c.name == name)
    found = rule_score(D, facts_of(D, *case.cells, prompt=case.prompt))
    assert found is not None
    assert found.score == SCORES[name]


def test_without_code_or_prompt_nothing_is_said() -> None:
    assert facts_of(D, md("# Notes")) == ()


def test_a_broken_cell_keeps_absence_silent() -> None:
    assert kinds_of(D, "import pandas as pd", "m = = fit(", prompt="Predict rent from data/flats.csv.") == set()


HONEST = (
    # The winner of cross-validation is taken from a dictionary and used after the loop under another name.
    """
scores = {}
for name, model in {"a": Ridge(), "b": Lasso()}.items():
    scores[name] = cross_val_score(model, X_train, y_train).mean()
best = max(scores, key=scores.get)
final = {"a": Ridge(), "b": Lasso()}[best].fit(X_train, y_train)
print(final.predict(X_test)[:5])
""",
    # The same name is bound anew after the loop.
    """
for model in [Ridge(), Lasso()]:
    model.fit(X_train, y_train)
    print(model.score(X_test, y_test))
model = Ridge().fit(X_train, y_train)
print(model.predict(X_test)[:5])
""",
    # A second loop over the same models.
    """
ms = {"a": Ridge(), "b": Lasso()}
for k, m in ms.items():
    m.fit(X_train, y_train)
for k, m in ms.items():
    print(k, m.predict(X_test)[:3])
""",
    # A comprehension with a variable of the same name.
    """
ms = {"a": Ridge(), "b": Lasso()}
for k, m in ms.items():
    m.fit(X_train, y_train)
out = {k: m.predict(X_test) for k, m in ms.items()}
print(out)
""",
    # The scaler is fitted on all rows for the last fit, and used by it.
    """
sc = StandardScaler()
A, B = sc.fit_transform(X_train), sc.transform(X_test)
m = Ridge().fit(A, y_train)
print(m.score(B, y_test))
sc2 = StandardScaler().fit(X)
m2 = Ridge().fit(sc2.transform(X), y)
print(m2.predict(sc2.transform(X_test)))
""",
    # Scaled and raw rows for two different models.
    """
sc = StandardScaler().fit(X_train)
m = Ridge().fit(sc.transform(X_train), y_train)
t = Lasso().fit(X_train, y_train)
print(m.predict(sc.transform(X_test)), t.predict(X_test))
""",
    # The scaling of new rows is written out.
    """
sc = StandardScaler().fit(X_train)
m = Ridge().fit(sc.transform(X_train), y_train)
print(m.predict((X_test - sc.mean_) / sc.scale_))
""",
)


@pytest.mark.parametrize("code", HONEST)
def test_honest_code_is_not_accused(code: str) -> None:
    head = """
import pandas as pd
from sklearn.linear_model import Lasso, Ridge
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.preprocessing import StandardScaler
d = pd.read_csv("flats.csv")
X, y = d.drop(columns="rent"), d["rent"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
"""
    facts = facts_of(D, head, code, prompt="Predict rent from flats.csv.")
    assert [f.text for f in facts if f.kind.polarity == "fault"] == []
