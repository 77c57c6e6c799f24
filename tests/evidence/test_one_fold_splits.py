"""One fold taken once, tables built for the rows of another, and texts that stand in the notebook."""

from __future__ import annotations

import pytest

from tests.evidence.building import facts_of, kinds_of

HEAD = """
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import (GridSearchCV, GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold,
                                     cross_val_score, train_test_split)
d = pd.read_csv("stays.csv")
X, y, who = d.drop(columns=["back", "patient"]), d["back"], d["patient"]
"""
SCORE = """
gs = GridSearchCV(LogisticRegression(), {"C": [0.1, 1]}, cv=5).fit(X.iloc[a], y.iloc[a])
print(roc_auc_score(y.iloc[b], gs.predict_proba(X.iloc[b])[:, 1]))
"""
ONCE = (
    (
        "folds = StratifiedGroupKFold(5, shuffle=True, random_state=1)\na, b = next(folds.split(X, y, who))",
        "by group and",
    ),
    ("a, b = next(GroupKFold(n_splits=4).split(X, y, groups=who))", "by group"),
    ("a, b = next(iter(StratifiedKFold(5, shuffle=True, random_state=0).split(X, y)))", "stratified by class"),
    ("rounds = StratifiedKFold(5).split(X, y)\na, b = next(rounds)", "stratified by class"),
)


@pytest.mark.parametrize(("split", "how"), ONCE)
def test_one_fold_taken_once_is_a_split(split: str, how: str) -> None:
    texts = {f.kind.name: f.text for f in facts_of("model_training", HEAD, split, SCORE)}
    assert "only_cross_validated" not in texts
    assert "held_out" in texts
    assert "on training rows" in texts["searched_on_training"]
    assert how in texts["split_fits_data"]


def test_a_fold_of_the_training_rows_is_for_validation() -> None:
    cell = """
A, B, ya, yb = train_test_split(X, y, random_state=0, stratify=y)
i, j = next(StratifiedKFold(5).split(A, ya))
m = LogisticRegression().fit(A.iloc[i], ya.iloc[i])
print("valid", roc_auc_score(ya.iloc[j], m.predict_proba(A.iloc[j])[:, 1]))
print("test", roc_auc_score(yb, m.predict_proba(B)[:, 1]))
"""
    texts = {f.kind.name: f.text for f in facts_of("model_training", HEAD, cell)}
    assert "train_test_split" in texts["held_out"]
    assert "validation" in texts["cross_validated"]


@pytest.mark.parametrize(
    "loop",
    [
        "for a, b in KFold(5, shuffle=True, random_state=0).split(X):",
        "rounds = KFold(5, shuffle=True, random_state=0).split(X)\nfor _ in range(5):\n    a, b = next(rounds)",
    ],
)
def test_all_folds_are_no_split(loop: str) -> None:
    body = """
    m = LogisticRegression().fit(X.iloc[a], y.iloc[a])
    print(roc_auc_score(y.iloc[b], m.predict_proba(X.iloc[b])[:, 1]))
"""
    kinds = kinds_of("model_training", HEAD, loop + body)
    assert "held_out" not in kinds


@pytest.mark.parametrize("start", ["pd.DataFrame(index=t.index)", "pd.DataFrame(index=t.index, columns=['age'])"])
def test_a_table_built_for_the_rows_of_another_keeps_them(start: str) -> None:
    cell = f"""
def prep(t):
    o = {start}
    o["age"] = t["age"].fillna(0)
    return o
tr, te = train_test_split(d, stratify=d["back"], random_state=1)
gs = GridSearchCV(LogisticRegression(), {{"C": [0.1, 1]}}).fit(prep(tr), tr["back"])
print(roc_auc_score(te["back"], gs.predict_proba(prep(te))[:, 1]))
"""
    kinds = kinds_of("model_training", HEAD, cell)
    assert {"held_out", "searched_on_training", "split_fits_data"} <= kinds


TEXTS = """
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.naive_bayes import MultinomialNB
d = pd.read_csv("cars.csv")
vec, pick = TfidfVectorizer(), SelectKBest(chi2, k=50)
X = pick.fit_transform(vec.fit_transform(d["name"]), d["origin"])
m = MultinomialNB().fit(X, d["origin"])
"""


@pytest.mark.parametrize(
    "use",
    [
        'print(m.predict(pick.transform(vec.transform(["subaru outback", "buick"]))))',
        'names = ["subaru outback"]\nprint(m.predict_proba(pick.transform(vec.transform(names))))',
        'def which(*t):\n    return m.predict(pick.transform(vec.transform(t)))\nwhich("subaru", "buick lesabre")',
        'for t in ["subaru", "buick"]:\n    print(t, m.predict(pick.transform(vec.transform([t])))[0])',
    ],
)
def test_texts_that_stand_in_the_notebook_are_new_rows(use: str) -> None:
    kinds = kinds_of("model_use", TEXTS, use, prompt="Can you tell from the name where a car in cars.csv comes from?")
    assert {"new_rows_predicted", "same_preparation"} <= kinds


def test_texts_of_the_data_are_not_new() -> None:
    use = 'print(m.predict(pick.transform(vec.transform(d["name"].head()))))'
    assert "new_rows_predicted" not in kinds_of("model_use", TEXTS, use, prompt="Predict the origin in cars.csv.")
