"""Columns and gaps that look blameworthy and are not: dummies, repeated codes, gaps that are filled elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nbalign.evidence import read_evidence
from tests.evidence.building import code, facts_of, kinds_of, notebook

READ = (
    "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n"
    "from sklearn.metrics import accuracy_score, classification_report\n"
    "from sklearn.model_selection import train_test_split\ndf = pd.read_csv('a.csv')"
)
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)"
FIT = "m = LogisticRegression().fit(X_train, y_train)"
REPORT = """             precision    recall  f1-score   support

          0       0.91      0.99      0.95     10981
          1       0.70      0.18      0.29      1376
"""


def _given(*names: str, target: str = "churned") -> str:
    return f"X = df[{list(names)!r}]\ny = df[{target!r}]"


def test_one_class_of_a_report_is_no_score_of_the_model() -> None:
    def kinds(source: str, text: str) -> set[str]:
        cells = (READ, _given("age", "cancel_fee"), SPLIT, FIT, code(source, text=text))
        return set(kinds_of("feature_engineering", *cells))

    report = "print(classification_report(y_test, m.predict(X_test)))"
    accuracy = "print(accuracy_score(y_test, m.predict(X_test)))"
    assert "feature_gives_target_away" not in kinds(report, REPORT)
    assert "feature_gives_target_away" in kinds(report, REPORT + "\n accuracy  0.99  12357\n")
    assert "feature_gives_target_away" in kinds(accuracy, "0.99")


@pytest.mark.parametrize(
    ("feature", "target", "extra"),
    [
        ("default_no", "defaulted", "df = pd.get_dummies(df, columns=['default'])"),
        ("default_no", "y", ""),
        ("final_size", "price_band", ""),
    ],
)
def test_a_name_is_trusted_only_where_it_is_akin_to_the_target(feature: str, target: str, extra: str) -> None:
    score = code("print(accuracy_score(y_test, m.predict(X_test)))", text="0.99")
    cells = (READ, extra or "df.head()", _given("age", feature, target=target), SPLIT, FIT, score)
    assert "feature_gives_target_away" not in kinds_of("feature_engineering", *cells)


@pytest.mark.parametrize("name", ["srch_destination_id", "Parent Property Id", "market_id", "product_type_id"])
def test_a_code_of_a_kind_is_no_row_number(name: str) -> None:
    assert "identifier_as_feature" not in kinds_of("feature_engineering", READ, _given(name, "age"), SPLIT, FIT)


def test_an_id_that_rows_are_grouped_by_is_no_row_number() -> None:
    cells = (_given("customer_id", "age"), SPLIT, FIT)
    assert "identifier_as_feature" in kinds_of("feature_engineering", READ, *cells)
    grouped = "df.groupby('customer_id')['age'].mean()"
    assert "identifier_as_feature" not in kinds_of("feature_engineering", READ, grouped, *cells)


GAPS = code("df.isnull().sum()", result="age     3\nfare    0\nsize    0\ndtype: int64")
NO_GAPS = code("df.isnull().sum()", result="age     0\nfare    0\nsize    0\ndtype: int64")


def test_gaps_that_go_elsewhere_are_not_called_untreated() -> None:
    kind = "missing_not_treated"
    assert kind in kinds_of("data_imputation", READ, GAPS)
    assert kind not in kinds_of("data_imputation", READ, GAPS, "other['age'].fillna(0, inplace=True)")
    assert kind not in kinds_of("data_imputation", READ, GAPS, "df = clean(df)", NO_GAPS)


def test_a_constant_in_a_column_that_becomes_text_is_a_category() -> None:
    fill = "df['code'] = df['code'].fillna(-1)"
    cells = (_given("code", "age"), SPLIT, FIT)
    assert "filled_with_meaningless" in kinds_of("data_imputation", READ, fill, *cells)
    coded = fill + "\ndf['code'] = df['code'].astype(str)"
    assert "filled_with_meaningless" not in kinds_of("data_imputation", READ, coded, *cells)


def test_a_fill_of_the_whole_table_is_said_in_plain_words() -> None:
    facts = facts_of("data_imputation", READ, "df = df.fillna(-999)", _given("code", "age"), SPLIT, FIT)
    assert any(f.text.startswith("missing values of all columns become -999") for f in facts)


def test_nothing_is_denied_of_code_that_was_not_read() -> None:
    plain = notebook("x = 1\nprint(x)")
    other = replace(plain, language="r")
    broken = notebook("x = 1", "y = = 2")
    for dimension in ("feature_engineering", "data_imputation"):
        assert read_evidence(plain).of(dimension)
        assert not read_evidence(other).of(dimension)
        assert not read_evidence(broken).of(dimension)
