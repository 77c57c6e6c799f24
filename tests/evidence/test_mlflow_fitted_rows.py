"""Facts about logged scores that are called test scores, but measured on the rows of the fit, whatever their name."""

from __future__ import annotations

import pytest

from tests.evidence.building import kinds_of

SPLIT = "import mlflow\nX_dev, X_hold, y_dev, y_hold = train_test_split(X, y, random_state=0)"


@pytest.mark.parametrize(
    "cell",
    [
        "m = Ridge().fit(X_dev, y_dev)\nmlflow.log_metric('holdout_r2', m.score(X_dev, y_dev))",
        "m.fit(X_dev, y_dev)\nmlflow.log_metric('test_mae', mean_absolute_error(y_dev, m.predict(X_dev)))",
        "g = GridSearchCV(m, grid).fit(X_dev, y_dev)\nacc = g.score(X_dev, y_dev)\n"
        "with mlflow.start_run():\n    mlflow.log_metrics({'holdout_accuracy': round(acc, 3)})",
    ],
)
def test_a_test_name_on_the_rows_of_every_fit_is_told(cell: str) -> None:
    assert "training_score_as_test" in kinds_of("mlflow_logging", SPLIT, cell)


@pytest.mark.parametrize(
    "cell",
    [
        "m = Ridge().fit(X_dev, y_dev)\nmlflow.log_metric('holdout_r2', m.score(X_hold, y_hold))",
        "m = Ridge().fit(X_hold, y_hold)\nmlflow.log_metric('test_r2', m.score(X_dev, y_dev))",
        "m = Ridge().fit(X_dev, y_dev)\nmlflow.log_metric('dev_r2', m.score(X_dev, y_dev))",
        "a = Ridge().fit(X_dev, y_dev)\nb = Ridge().fit(X_hold, y_hold)\n"
        "mlflow.log_metric('test_r2', b.score(X_dev, y_dev))",
        "m = Ridge().fit(X_dev, y_dev)\nX_dev, y_dev = load()\nmlflow.log_metric('test_r2', m.score(X_dev, y_dev))",
        "def fit(X_dev, y_dev):\n    return Ridge().fit(X_dev, y_dev)\n\n"
        "m = fit(X_hold, y_hold)\nmlflow.log_metric('test_r2', m.score(X_dev, y_dev))",
        "m = Ridge().fit(X_dev, y_dev)\np = cross_val_predict(m, X_dev, y_dev)\n"
        "mlflow.log_metric('test_r2', r2_score(y_dev, p))",
    ],
)
def test_nothing_is_said_where_there_is_any_doubt(cell: str) -> None:
    assert "training_score_as_test" not in kinds_of("mlflow_logging", SPLIT, cell)
