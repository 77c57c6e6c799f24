"""What is said of metrics is true where numbers are only logged, cross-validated, or broken down by hand."""

from __future__ import annotations

import pytest

from nbalign.evidence.facts.metrics_evaluation import DIMENSION
from tests.evidence.building import Piece, code, facts_of, kinds_of, md
from tests.evidence.test_metrics_evaluation import ACC, CLF, PROMPT, R2, REG

TRAIN = "accuracy_score(y_train, model.predict(X_train))"


def said(kind: str, *cells: str | Piece) -> list[str]:
    return [fact.text for fact in facts_of(DIMENSION, *cells, prompt=PROMPT) if fact.kind.name == kind]


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ((CLF, ACC), "a single metric: accuracy"),
        ((CLF, 'cross_val_score(model, X_train, y_train, scoring="accuracy")', ACC), "a single metric: accuracy"),
        (
            (CLF, 'cross_val_score(model, X_train, y_train, scoring="roc_auc")', ACC),
            "a single metric on held-out rows: accuracy",
        ),
        (
            (CLF, 'how = ["f1", "recall"]\ncross_validate(model, X_train, y_train, scoring=how)', ACC),
            "a single metric on held-out rows: accuracy",
        ),
        ((CLF, "cross_val_score(model, X_train, y_train)", ACC), "a single metric on held-out rows: accuracy"),
        (
            (CLF, 'mlflow.log_metric("f1", f1_score(y_test, pred))', ACC),
            "a single metric is shown: accuracy",
        ),
    ],
)
def test_a_single_metric_is_one_only_where_it_is_said(cells: tuple[str, ...], text: str) -> None:
    assert said("single_metric", *cells) == [text]


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ((CLF, TRAIN), "accuracy computed on training rows only; no held-out number is shown"),
        (
            (CLF, 'mlflow.log_metric("test_accuracy", model.score(X_test, y_test))', TRAIN),
            "accuracy computed on training rows; held-out numbers are only logged",
        ),
    ],
)
def test_training_rows_are_the_only_ones_unless_others_are_logged(cells: tuple[str, ...], text: str) -> None:
    assert said("training_metrics_only", *cells) == [text]


def test_an_amount_judged_by_a_line_is_judged_otherwise_in_cross_validation() -> None:
    cut = "print(accuracy_score(y_test > 150, pred > 150))"
    plain = "a predicted amount is judged only by which side of a line it falls on; no error in its units"
    assert said("amount_judged_by_line", REG, cut) == [plain]
    cv = 'print(cross_val_score(model, X_train, y_train, scoring="r2").mean())'
    assert said("amount_judged_by_line", REG, cv, cut) == [f"cross-validation aside, {plain}"]
    logged = 'mlflow.log_metric("mae", mean_absolute_error(y_test, pred))'
    assert said("amount_judged_by_line", REG, logged, cut) == [f"as far as outputs show, {plain}"]


@pytest.mark.parametrize(
    "cell",
    [
        "per_digit = {d: accuracy_score(y_test == d, pred == d) for d in range(10)}",
        "for group in groups:\n    rows = where == group\n    print(group, accuracy_score(y_test[rows], pred[rows]))",
        "by_class = [np.mean(pred[y_test == c] == c) for c in np.unique(y_test)]",
        "missed = int(((pred == 0) & (y_test == 1)).sum())",
        "oof = cross_val_predict(model, X, y)\nprint(((oof == 1) & (y_train == 0)).sum())",
        "review['short'] = 1 - review['price'] / pred",
        "expected = model.predict(X_test)\ntable = test.assign(off=test['price'] - expected)",
        "gap = y_test - model.predict(X_test)\nprint(gap)",
    ],
)
def test_errors_broken_down_by_hand_are_not_denied(cell: str) -> None:
    assert "no_error_analysis" not in kinds_of(DIMENSION, REG, R2, cell, prompt=PROMPT)


@pytest.mark.parametrize(
    "cell",
    [
        "rmse = np.sqrt(np.mean((y_test - pred) ** 2))",
        "accuracy = ((pred == 1) == (y_test == 1)).mean()",
        "for c in columns:\n    print(c, df[c].mean())",
        "blend = (model.predict(X_test) + other.predict(X_test)) / 2",
        "late = df[(df['month'] == 1) & (df['year'] == 2019)]",
        "df['rate'] = df['price'] / df['sqft']",
        "for name, m in models.items():\n    print(name, r2_score(y_test, m.predict(X_test)))",
    ],
)
def test_averages_and_sums_of_other_things_are_no_look_at_errors(cell: str) -> None:
    assert "no_error_analysis" in kinds_of(DIMENSION, REG, R2, cell, prompt=PROMPT)


def test_words_that_give_a_metric_are_not_denied() -> None:
    gap = said("no_reading", CLF, ACC, md("## Saving"), md("The file holds the model."))
    assert gap == ["no words after the last numbers say what the scores mean"]
    shown = code("print(accuracy_score(y_test, pred))", "accuracy: 0.91\n")
    assert not said("no_reading", CLF, shown, md("So 91 % of the rows."))
    assert not said("no_reading", CLF, ACC, md("AUC here: 0.83"))
    assert said("no_reading", CLF, shown, md("The rest is in section 7.2."))
    drivers = md("The fee is the strongest driver: 40 % of those who paid it have left.")
    assert said("no_reading", CLF, shown, drivers) == gap


def test_a_baseline_in_cross_validation_is_said_to_be_shown_there_only() -> None:
    cv = code("print('dummy CV accuracy', s.mean())", "dummy CV accuracy 0.70\n")
    text = "a baseline's number is shown in cross-validation only, none on held-out rows"
    assert said("baseline_not_beside", CLF, cv, ACC) == [text]
