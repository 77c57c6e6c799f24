from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.evidence import Fact, rule_score

from .building import Piece, code, facts_of, kinds_of, md

DIM = "mlflow_logging"
START = "import mlflow\nimport mlflow.sklearn\nfrom mlflow.models import infer_signature\n"
FIT = "X_train, X_test, y_train, y_test = train_test_split(X, y)\nmodel = Ridge().fit(X_train, y_train)\npred = model.predict(X_test)"
FULL = """mlflow.set_experiment("houses")
with mlflow.start_run(run_name="ridge"):
    mlflow.log_params(model.get_params())
    mlflow.log_metric("test_rmse", mean_squared_error(y_test, pred) ** 0.5)
    mlflow.sklearn.log_model(model, "model", signature=infer_signature(X_test, pred))"""
HELPER = """def log_run(name, model, params, metrics):
    with mlflow.start_run(run_name=name):
        mlflow.log_params(params)
        for k, v in metrics.items():
            mlflow.log_metric(k, v)
        mlflow.sklearn.log_model(model, "model", input_example=X_test[:5])

for name, model in models.items():
    log_run(name, model, model.get_params(), scores[name])"""
MANUAL = """mlflow.create_experiment("e")
run = mlflow.start_run()
mlflow.log_param("alpha", 1)
mlflow.log_metric("mae", mae)
mlflow.end_run()"""
CLIENT = """from mlflow.tracking import MlflowClient
client = MlflowClient()
exp = client.create_experiment("e")
run = client.create_run(exp)
client.log_param(run.info.run_id, "alpha", 1)
client.log_metric(run.info.run_id, "test_mae", mae)
client.set_terminated(run.info.run_id)"""
CLASS = """class Tracker:
    def __init__(self, name):
        mlflow.set_experiment(name)
    def track(self, model, params, metrics):
        with mlflow.start_run():
            mlflow.log_params(params)
            mlflow.log_metrics(metrics)
            mlflow.sklearn.log_model(model, artifact_path="m", input_example=X_test.head())
Tracker("x").track(model, {"a": 1}, {"mae": mae})"""
IMPORTED = """from mlflow import log_metric, log_params, set_experiment, start_run
set_experiment("e")
with start_run():
    log_params({"a": 1})
    log_metric("mae", mae)"""
NESTED = """mlflow.set_experiment("grid")
with mlflow.start_run(run_name="parent"):
    for alpha in [0.1, 1, 10]:
        with mlflow.start_run(nested=True):
            mlflow.log_param("alpha", alpha)
            mlflow.log_metric("val_mae", errors[alpha])"""
AUTOLOG = "mlflow.autolog()"
METRIC_ONLY = "with mlflow.start_run():\n    mlflow.log_metric('mae', mae)"


def kinds(*cells: str | Piece, prompt: str = "") -> set[str]:
    return kinds_of(DIM, START, FIT, *cells, prompt=prompt)


def told(kind: str, *cells: str | Piece) -> list[Fact]:
    return [f for f in facts_of(DIM, START, FIT, *cells) if f.kind.name == kind]


@pytest.mark.parametrize(
    "prompt",
    [
        "Train one quick baseline. No experiment tracking please.",
        "Build a model without MLflow.",
        "Predict churn; do not use MLflow.",
        "A quick look, tracking is not needed.",
        "You don't need to set up any tracking for this.",
        "Skip tracking and keep it short.",
    ],
)
def test_a_prompt_that_wants_no_tracking_makes_it_not_applicable(prompt: str) -> None:
    found = facts_of(DIM, FIT, prompt=prompt)
    assert {f.kind.name for f in found} == {"tracking_not_wanted"}
    score = rule_score(DIM, found)
    assert score is not None and score.score == 0


@pytest.mark.parametrize(
    "prompt",
    [
        "Predict churn.",
        "Track everything with MLflow.",
        "There is no missing data. Log runs with MLflow.",
        "Do not use deep learning; use MLflow for tracking.",
        "Predict whether a parcel without tracking number arrives.",
        "",
    ],
)
def test_other_prompts_leave_tracking_due(prompt: str) -> None:
    assert "tracking_not_wanted" not in kinds(prompt=prompt)


@pytest.mark.parametrize(
    "cells",
    [
        [FIT],
        [START, FIT],
        [START, FIT, "# mlflow.log_metric('mae', mae)"],
        ["import wandb\nwandb.init()", FIT],
        [FIT, "print('mlflow.log_metric')"],
        [START, FIT, "def track(m):\n    mlflow.log_metric('mae', m)"],
        [START, "mlflow.set_tracking_uri('sqlite:///x.db')", FIT],
    ],
)
def test_mlflow_that_is_never_called_is_absent(cells: list[str]) -> None:
    found = facts_of(DIM, *cells)
    score = rule_score(DIM, found)
    assert "mlflow_absent" in {f.kind.name for f in found} and score is not None and score.score == 1


@pytest.mark.parametrize("cell", [FULL, HELPER, MANUAL, CLIENT, CLASS, IMPORTED, NESTED, AUTOLOG, METRIC_ONLY])
def test_mlflow_that_is_called_is_not_absent(cell: str) -> None:
    assert "mlflow_absent" not in kinds(cell)


def test_nothing_is_said_of_absence_where_a_part_could_not_be_read() -> None:
    assert facts_of(DIM, FIT, "with mlflow.start_run() as run\n    mlflow.log_metric('a', 1)") == ()


BODY = "with mlflow.start_run():\n    {0}\n    mlflow.log_metric('mae', mae)"
FAILING = [
    code(BODY.format("mlflow.log_params('a', 1)"), error=("AttributeError", "'str' object has no attribute 'items'")),
    code(
        BODY.format("mlflow.log_param({'a': 1})"),
        error=("TypeError", "log_param() missing 1 required positional argument: 'value'"),
    ),
    code("mlflow.set_experiment('x')\nmlflow.start_run()", error=("MlflowException", "API request failed")),
    code("mlflow.log_metric('mae', 'high')", error=("RestException", "INVALID_PARAMETER_VALUE")),
    code("with mlflow.start_run():\n    mlflow.log_metrics('mae', mae)"),
    code("mlflow.start_run()\nmlflow.log_metric('a', a)", error=("NameError", "name 'mlflow' is not defined")),
    code(
        "mlflow.autolog()\nmodel.fit(X, y)",
        text="WARNING mlflow: Encountered unexpected error during sklearn autologging: x",
    ),
    code(METRIC_ONLY, error=("NameError", "name 'mae' is not defined")),
    code(
        "def track(m):\n    mlflow.log_metric({'mae': m})\ntrack(3)",
        error=("TypeError", "log_metric() missing 1 required positional argument: 'value'"),
    ),
]
WORKING = [
    code(FULL),
    code(MANUAL),
    code(HELPER),
    code(FULL + "\nprint(undefined)", text="ok", error=("NameError", "name 'undefined' is not defined")),
    code("print(nothing)", error=("NameError", "name 'nothing' is not defined")),
    code("mlflow.log_metrics(metrics)\nmlflow.log_params(dict(a=1))\nmlflow.log_metric(key='a', value=a)"),
    code("mlflow.log_metric('mae', mae, step=1)\nmlflow.log_param(*pair)"),
    code(FULL, text="WARNING mlflow.sklearn: Saving scikit-learn models in the pickle format"),
]


@pytest.mark.parametrize("cell", FAILING)
def test_calls_that_fail(cell: Piece) -> None:
    found = facts_of(DIM, START, FIT, cell)
    score = rule_score(DIM, found)
    assert "mlflow_call_failed" in {f.kind.name for f in found} and score is not None and score.score == 1


@pytest.mark.parametrize("cell", WORKING)
def test_calls_that_work_or_other_failures(cell: Piece) -> None:
    assert "mlflow_call_failed" not in kinds(cell)


def test_what_stands_behind_a_failed_call_is_not_said_to_be_logged() -> None:
    found = kinds(FAILING[1])
    assert not found & {"metrics_logged", "params_logged", "no_params_logged", "no_metrics_logged"}


RUN = "with mlflow.start_run():\n    mlflow.log_metric({0})"
TRAIN_AS_TEST = [
    RUN.format("'test_r2', model.score(X_train, y_train)"),
    RUN.format("'test_rmse', train_rmse"),
    RUN.format("'val_mae', mean_absolute_error(y_train, model.predict(X_train))"),
    "acc = accuracy_score(y_train, model.predict(X_train))\n" + RUN.format("'test_accuracy', acc"),
    "def track(m, X, y):\n    mlflow.log_metric('test_mae', mean_absolute_error(y, m.predict(X)))\ntrack(model, X_train, y_train)",
    "pred_tr = model.predict(X_train)\n" + RUN.format("'holdout_f1', round(f1_score(y_train, pred_tr), 3)"),
    "with mlflow.start_run():\n    mlflow.log_metrics({'test_auc': roc_auc_score(y_train, model.predict_proba(X_train)[:, 1])})",
    "mlflow.log_metrics({f'test_{k}': v for k, v in train_metrics.items()})",
    RUN.format("'test_r2', scores['train_r2']"),
]
TRUE_NAMES = [
    RUN.format("'test_r2', model.score(X_test, y_test)"),
    RUN.format("'train_r2', model.score(X_train, y_train)"),
    RUN.format("'r2', model.score(X_train, y_train)"),
    RUN.format("'val_auc', cross_val_score(model, X_train, y_train).mean()"),
    "oof = cross_val_predict(model, X_train, y_train)\n" + RUN.format("'val_rmse', mean_squared_error(y_train, oof)"),
    RUN.format("'test_mae', train_and_evaluate(X_train, y_train, X_test, y_test)"),
    "test_rmse = mean_squared_error(y_test, pred) ** 0.5\n" + RUN.format("'test_rmse', test_rmse"),
    "results = train_model(X_train, y_train)\n" + RUN.format("'test_acc', results['acc']"),
    "def track(m, X, y):\n    mlflow.log_metric('test_mae', mean_absolute_error(y, m.predict(X)))\ntrack(model, X_test, y_test)",
    "mlflow.log_metrics({f'test_{k}': v for k, v in metrics.items()})",
    RUN.format("'test_r2', trained_model.score(Xv, yv)"),
    "training_output = fit()\n" + RUN.format("'test_rmse', training_output['rmse']"),
]


@pytest.mark.parametrize("cell", TRAIN_AS_TEST)
def test_training_scores_under_a_test_name(cell: str) -> None:
    found = facts_of(DIM, START, FIT, cell)
    score = rule_score(DIM, found)
    assert "training_score_as_test" in {f.kind.name for f in found} and score is not None and score.score == 1


@pytest.mark.parametrize("cell", TRUE_NAMES)
def test_names_that_are_true_or_not_certainly_false(cell: str) -> None:
    assert "training_score_as_test" not in kinds(cell)


IN_SAMPLE = """recent = slice(len(data) - 52, None)
for name, model in settings.items():
    with mlflow.start_run(run_name=name):
        model.fit({fit}, {truth})
        pred = model.predict(X.iloc[recent])
        rmse = mean_squared_error(y.iloc[recent], pred) ** 0.5
        mlflow.log_metric("test_rmse", rmse)"""


def test_a_slice_of_the_rows_that_every_model_was_fitted_on_is_no_test() -> None:
    start = START + "y = data['co2']\nX = data[cols]"
    assert "training_score_as_test" in kinds_of(DIM, start, IN_SAMPLE.format(fit="X", truth="y"))


def test_a_slice_that_no_model_was_fitted_on_may_be_one() -> None:
    start = START + "y = data['co2']\nX = data[cols]"
    assert "training_score_as_test" not in kinds_of(
        DIM, start, IN_SAMPLE.format(fit="X.iloc[:-52]", truth="y.iloc[:-52]")
    )


@pytest.mark.parametrize(
    "call",
    [
        "mlflow.log_metric('test_accuracy', 0.93)",
        "mlflow.log_metrics({'rmse': 3.2, 'mae': 2.1})",
        "mlflow.log_metric(key='val_auc', value=0.88)",
        "mlflow.log_metric('r2', -0.4)",
        "def track():\n    mlflow.log_metric('f1', 0.71)\ntrack()",
    ],
)
def test_numbers_typed_in_as_metrics(call: str) -> None:
    assert told("metric_typed_in", call)


@pytest.mark.parametrize(
    "call",
    [
        "mlflow.log_metric('test_accuracy', acc)",
        "mlflow.log_param('C', 0.1)",
        "mlflow.log_metric('n_rows', 1200)",
        "mlflow.log_metric('rmse', round(rmse, 3))",
        "mlflow.log_metrics({'mae': float(mae)})",
        "mlflow.log_metric('f1', f1_score(y_test, pred > 0.5))",
    ],
)
def test_measured_numbers_are_not_typed_in(call: str) -> None:
    assert not told("metric_typed_in", call)


@pytest.mark.parametrize(
    "cell",
    [
        AUTOLOG,
        "mlflow.sklearn.autolog(silent=True)",
        "mlflow.autolog(log_models=False)\nwith mlflow.start_run():\n    model.fit(X_train, y_train)",
        "mlflow.xgboost.autolog()\nmlflow.set_experiment('e')",
        "def setup():\n    mlflow.autolog()\nsetup()",
    ],
)
def test_autolog_alone(cell: str) -> None:
    found = facts_of(DIM, START, cell, FIT)
    score = rule_score(DIM, found)
    assert "autolog_only" in {f.kind.name for f in found} and score is not None and score.score == 2


@pytest.mark.parametrize(
    "cell", [FULL, MANUAL, AUTOLOG + "\n" + METRIC_ONLY, "mlflow.autolog(disable=True)\n" + METRIC_ONLY, HELPER]
)
def test_not_autolog_alone(cell: str) -> None:
    assert "autolog_only" not in kinds(cell)


LOGGED = [FULL, HELPER + "\nmlflow.set_experiment('e')", MANUAL, CLIENT, CLASS, IMPORTED, NESTED]


@pytest.mark.parametrize("cell", LOGGED)
@pytest.mark.parametrize("kind", ["experiment_set", "runs_closed", "params_logged", "metrics_logged"])
def test_the_main_parts_are_seen_in_every_way_to_write_them(cell: str, kind: str) -> None:
    found = kinds(cell)
    assert kind in found
    assert not found & {"no_experiment", "runs_left_open", "no_params_logged", "no_metrics_logged"}


@pytest.mark.parametrize(
    ("kind", "gap", "cell"),
    [
        ("experiment_set", "no_experiment", METRIC_ONLY),
        ("experiment_set", "no_experiment", HELPER),
        ("experiment_set", "no_experiment", "mlflow.log_param('a', 1)"),
        ("experiment_set", "no_experiment", "with mlflow.start_run(run_name='x'):\n    mlflow.log_metric('a', a)"),
        ("experiment_set", "no_experiment", "# mlflow.set_experiment('x')\n" + METRIC_ONLY),
        ("params_logged", "no_params_logged", METRIC_ONLY),
        (
            "params_logged",
            "no_params_logged",
            "with mlflow.start_run():\n    mlflow.log_metrics(m)\n    # mlflow.log_params(p)",
        ),
        ("params_logged", "no_params_logged", "mlflow.set_experiment('e')\n" + METRIC_ONLY),
        ("params_logged", "no_params_logged", "mlflow.sklearn.log_model(model, 'm')"),
        ("params_logged", "no_params_logged", "def log(p):\n    mlflow.log_params(p)\n" + METRIC_ONLY),
        ("metrics_logged", "no_metrics_logged", "with mlflow.start_run():\n    mlflow.log_params(p)"),
        ("metrics_logged", "no_metrics_logged", "mlflow.sklearn.log_model(model, 'm')"),
        (
            "metrics_logged",
            "no_metrics_logged",
            "with mlflow.start_run():\n    mlflow.log_param('a', 1)\n    # mlflow.log_metric('b', 2)",
        ),
        ("metrics_logged", "no_metrics_logged", "with mlflow.start_run():\n    mlflow.log_artifact('model.pkl')"),
        ("metrics_logged", "no_metrics_logged", "def log(m):\n    mlflow.log_metrics(m)\nmlflow.log_param('a', 1)"),
        ("model_logged", "no_model_logged", METRIC_ONLY),
        ("model_logged", "no_model_logged", MANUAL),
        ("model_logged", "no_model_logged", NESTED),
        ("model_logged", "no_model_logged", "mlflow.log_artifact('plot.png')\nmlflow.log_metric('a', a)"),
        ("model_logged", "no_model_logged", METRIC_ONLY + "\n    # mlflow.sklearn.log_model(model, 'm')"),
        ("model_signed", "model_not_signed", "mlflow.sklearn.log_model(model, 'm')"),
        ("model_signed", "model_not_signed", "with mlflow.start_run():\n    mlflow.sklearn.log_model(model, name='m')"),
        ("model_signed", "model_not_signed", "mlflow.xgboost.log_model(booster, artifact_path='m')"),
        ("model_signed", "model_not_signed", "def save(m):\n    mlflow.sklearn.log_model(m, 'm')\nsave(model)"),
        ("model_signed", "model_not_signed", "mlflow.pytorch.log_model(net, 'net', pip_requirements=['torch'])"),
    ],
)
def test_what_is_left_out_is_told(kind: str, gap: str, cell: str) -> None:
    found = kinds(cell)
    assert gap in found and kind not in found


@pytest.mark.parametrize(
    "cell",
    [
        FULL,
        HELPER,
        CLASS,
        "mlflow.xgboost.log_model(b, 'm', input_example=X_test[:3])",
        "mlflow.pyfunc.log_model(name='m', python_model=W(), signature=sig)",
    ],
)
def test_models_with_signature_or_example(cell: str) -> None:
    found = kinds(cell)
    assert {"model_logged", "model_signed"} <= found and not found & {"no_model_logged", "model_not_signed"}


@pytest.mark.parametrize(
    "cell",
    [
        "mlflow.start_run()\nmlflow.log_metric('a', a)",
        "for name in models:\n    mlflow.start_run(run_name=name)\n    mlflow.log_metric('a', a[name])",
        "mlflow.log_metric('a', a)",
        "def log(m):\n    mlflow.start_run()\n    mlflow.log_metrics(m)\nlog(m)",
        "run = mlflow.start_run(run_name='x')\nmlflow.log_params(p)",
    ],
)
def test_runs_left_open(cell: str) -> None:
    found = kinds(cell)
    assert "runs_left_open" in found and "runs_closed" not in found


SEVERAL = [
    HELPER,
    "for name, model in models.items():\n    with mlflow.start_run(run_name=name):\n        mlflow.log_metric('a', a)",
    "with mlflow.start_run(run_name='a'):\n    mlflow.log_metric('m', 2 * a)\nwith mlflow.start_run(run_name='b'):\n    mlflow.log_metric('m', b)",
    "def log(n, m):\n    with mlflow.start_run(run_name=n):\n        mlflow.log_metrics(m)\nlog('a', m1)\nlog('b', m2)",
    "for clf in [LogisticRegression(), SVC(), GaussianNB()]:\n    with mlflow.start_run():\n        clf.fit(X_train, y_train)\n        mlflow.log_metric('acc', clf.score(X_test, y_test))",
]
TWO_MODELS = (
    "from sklearn.linear_model import Ridge\nfrom sklearn.ensemble import RandomForestRegressor\n"
    "a = Ridge().fit(X_train, y_train)\nb = RandomForestRegressor().fit(X_train, y_train)"
)
SINGLE = [
    METRIC_ONLY,
    MANUAL,
    FULL,
    "for fold in range(5):\n    with mlflow.start_run():\n        mlflow.log_metric('a', a[fold])",
    "def log(m):\n    with mlflow.start_run():\n        mlflow.log_metrics(m)\nlog(m)",
]


@pytest.mark.parametrize("cell", SEVERAL)
def test_a_run_for_each_of_several_models(cell: str) -> None:
    found = kinds(TWO_MODELS, cell)
    assert "every_model_logged" in found and "one_of_several_logged" not in found


@pytest.mark.parametrize("cell", SINGLE)
def test_one_run_though_several_models_are_made(cell: str) -> None:
    found = kinds(TWO_MODELS, cell)
    assert "one_of_several_logged" in found and "every_model_logged" not in found


@pytest.mark.parametrize(
    "models",
    [
        "from sklearn.linear_model import Ridge\na = Ridge()",
        "from sklearn.ensemble import RandomForestRegressor\nfor n in [10, 50]:\n    RandomForestRegressor(n).fit(X, y)",
        "from sklearn.feature_selection import SelectFromModel\nfrom sklearn.linear_model import Lasso, Ridge\nSelectFromModel(Lasso())\nRidge()",
        "from sklearn.preprocessing import StandardScaler\nfrom sklearn.svm import SVC\nStandardScaler()\nSVC()",
        "import lightgbm as lgb\nlgb.LGBMClassifier()",
    ],
)
def test_one_run_is_enough_for_one_model(models: str) -> None:
    assert "one_of_several_logged" not in kinds(models, METRIC_ONLY)


@pytest.mark.parametrize(
    "line",
    [
        "# mlflow.log_metric('a', 1)",
        "#mlflow.sklearn.log_model(m)",
        "  # with mlflow.start_run():",
        "## mlflow.autolog()",
        "x = 1\n# mlflow.set_experiment('x')",
    ],
)
def test_calls_that_stand_commented_out_are_told(line: str) -> None:
    assert "logging_commented_out" in kinds(METRIC_ONLY, line)


@pytest.mark.parametrize(
    "line", ["# log to mlflow later", "# mlflow is great", "print('# done')", "# see the mlflow docs", "x = 1  # one"]
)
def test_comments_about_mlflow_are_no_calls(line: str) -> None:
    assert "logging_commented_out" not in kinds(METRIC_ONLY, line)


def test_everything_logged_for_every_model_comes_to_three_and_one_metric_to_two() -> None:
    everything = facts_of(DIM, START, FIT, HELPER + "\nmlflow.set_experiment('e')")
    little = facts_of(DIM, START, FIT, METRIC_ONLY)
    scores = [rule_score(DIM, found) for found in (everything, little)]
    assert [s.score for s in scores if s] == [3, 2]


def test_databricks_names_an_experiment_by_itself() -> None:
    from dataclasses import replace

    from nbalign.evidence import read_evidence

    from .building import notebook

    made = replace(notebook(START, METRIC_ONLY), format="databricks")
    assert "no_experiment" not in {f.kind.name for f in read_evidence(made, strict=True).of(DIM)}


def test_facts_are_short_one_line_and_cite_cells_that_exist() -> None:
    long = "x" * 400
    cells = [
        START,
        f"with mlflow.start_run():\n    mlflow.log_metric('test_{long}', train_rmse)\n    mlflow.log_params('{long}', 1)",
    ]
    for fact in facts_of(DIM, *cells, md("# end")):
        assert len(fact.text) <= 160 and "\n" not in fact.text and all(1 <= c <= 3 for c in fact.cells)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([START, FIT, *LOGGED, *TRAIN_AS_TEST, *SEVERAL, "def f(): f()", "f()"]), max_size=7),
    st.integers(0, 80),
)
def test_no_notebook_however_cut_makes_it_fail(cells: list[str], cut: int) -> None:
    facts_of(DIM, *(c[: max(len(c) - cut, 1)] for c in cells))
