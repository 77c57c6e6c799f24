"""Facts about metrics evaluation where metrics are worked out by hand and words are hedged or without digits."""

from __future__ import annotations

import pytest

from nbalign.evidence.facts.metrics_evaluation import DIMENSION
from tests.evidence.building import Piece, code, facts_of, kinds_of, md
from tests.evidence.test_metrics_evaluation import ACC, CLF, PROMPT, R2, REG, SEVENTY

WALK = code(
    """
    wf = walk_forward(data, "1985Q1")
    errors = wf.drop(columns="actual").sub(wf["actual"], axis=0)
    pd.DataFrame({"MAE": errors.abs().mean(), "RMSE": (errors ** 2).mean() ** 0.5, "bias": errors.mean()})
    """,
    result="                MAE   RMSE   bias\nformula      0.151  0.193  0.020\nno change    0.193  0.282 -0.023",
)


@pytest.mark.parametrize(
    "words",
    [
        "The ranking is clearly better than chance, but many late payers are still missed by customers who would stay.",
        "The formula has a lower error than both naive forecasts.",
        "The winner misses a price by roughly a tenth, against three tenths for the median.",
        "Errors are larger for the old houses of the north than elsewhere, so the gain should not be oversold.",
        "Four out of five customers are classified as they should be.",
        "The forest makes fewer large errors than the line.",
    ],
)
def test_hedged_words_without_digits_are_a_reading(words: str) -> None:
    kinds = kinds_of(DIMENSION, REG, R2, md("## Saving"), md(words), prompt=PROMPT)
    assert "results_read" in kinds
    assert "no_reading" not in kinds


@pytest.mark.parametrize(
    "words",
    [
        "The model should be better with more data.",
        "A larger model would give a lower error than this one.",
        "The same cleaning and scaling, then the model.",
        "Next steps: a better model.",
        "The pipeline is stored in one file for the ward.",
    ],
)
def test_plans_and_announcements_are_no_reading(words: str) -> None:
    assert "no_reading" in kinds_of(DIMENSION, REG, R2, md(words), prompt=PROMPT)


def test_what_rests_on_accuracy_alone_is_not_credited_as_a_reading_where_classes_are_unequal() -> None:
    words = md("Four out of five customers are classified correctly, so the bad ones are recognised reliably.")
    kinds = kinds_of(DIMENSION, CLF, SEVENTY, ACC, words, prompt=PROMPT)
    assert "accuracy_alone_unequal" in kinds
    assert not kinds & {"results_read", "no_reading"}


@pytest.mark.parametrize(
    "cell",
    [
        code(
            """
            mae = mean_absolute_error(y_test, pred)
            rmse = ((y_test - pred) ** 2).mean() ** 0.5
            print("MAE", mae, "RMSE", rmse)
            """,
            "MAE 3.1 RMSE 4.2\n",
        ),
        code(
            """
            score = {"MAE": mean_absolute_error(y_test, pred), "MAPE %": ((y_test - pred).abs() / y_test).mean() * 100}
            score
            """,
            result="{'MAE': 3.1, 'MAPE %': 8.2}",
        ),
        code(
            """
            def smape(a, b):
                return 100 * np.mean(2 * np.abs(a - b) / (np.abs(a) + np.abs(b)))

            print("MAE", mean_absolute_error(y_test, pred), "SMAPE", smape(y_test, pred))
            """,
            "MAE 3.1 SMAPE 8.2\n",
        ),
        code(
            """
            out = dict(mae=mean_absolute_error(y_test, pred), rmse=np.sqrt(np.mean((y_test - pred) ** 2)))
            print(out)
            """,
            "{'mae': 3.1, 'rmse': 4.2}\n",
        ),
        WALK,
    ],
)
def test_metrics_worked_out_by_hand_count(cell: Piece) -> None:
    kinds = kinds_of(DIMENSION, REG, cell, prompt=PROMPT)
    assert "several_metrics" in kinds
    assert "single_metric" not in kinds


@pytest.mark.parametrize(
    "cell",
    [
        code("mse = mean_squared_error(y_test, pred)\nrmse = np.sqrt(mse)\nprint('RMSE', rmse)", "RMSE 4.2\n"),
        code(
            "cv_mae = -cross_val_score(model, X, y).mean()\nprint('CV MAE', cv_mae, 'R2', r2_score(y_test, pred))",
            "CV MAE 3.1 R2 0.7\n",
        ),
        code(
            """
            train_mae = np.abs(y_train - model.predict(X_train)).mean()
            print("train MAE", train_mae)
            print("R2", r2_score(y_test, pred))
            """,
            "train MAE 1.2\nR2 0.7\n",
        ),
    ],
)
def test_roots_folds_and_training_rows_make_no_second_metric(cell: Piece) -> None:
    assert "single_metric" in kinds_of(DIMENSION, REG, cell, prompt=PROMPT)


def test_a_score_worked_out_by_hand_is_called_by_its_name() -> None:
    texts = [f.text for f in facts_of(DIMENSION, REG, WALK, prompt=PROMPT)]
    assert not any("home-made" in text for text in texts)
    assert any(text.startswith("several metrics: MAE, RMSE") for text in texts)


@pytest.mark.parametrize("name", ["no change", "same change", "yesterday", "random walk", "last week"])
def test_names_of_naive_forecasts_are_baselines(name: str) -> None:
    shown = code("pd.DataFrame(rows)", result=f"{'':12} MAE\nmodel{'':7} 2.1\n{name:12} 3.4")
    kinds = kinds_of(DIMENSION, REG, "print(mean_absolute_error(y_test, pred))", shown, prompt=PROMPT)
    assert "baseline_compared" in kinds


@pytest.mark.parametrize(
    "line", ["accuracy 0.9 | majority: 0.51", "model 0.9, baseline = 0.51", "accuracy 0.9 (chance: 50%)"]
)
def test_a_baseline_whose_number_is_printed_beside_is_not_missed(line: str) -> None:
    cell = code("print('accuracy', accuracy_score(y_test, pred), max(y.mean(), 1 - y.mean()))", f"{line}\n")
    assert "no_baseline" not in kinds_of(DIMENSION, CLF, cell, prompt=PROMPT)


def test_other_printed_numbers_are_no_baseline() -> None:
    cell = code("print('accuracy', accuracy_score(y_test, pred))", "accuracy 0.9 | rows: 200 | mean: 0.51\n")
    assert "no_baseline" in kinds_of(DIMENSION, CLF, cell, prompt=PROMPT)
