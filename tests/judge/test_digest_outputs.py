from __future__ import annotations

import pytest

from nbalign.judge.digest import digest
from nbalign.judge.digest.numbers import shorten_number, shorten_values
from nbalign.notebooks import Output
from tests.judge.digesting import code, count, error, notebook, result, stderr, stdout


def shown(source: str, *outputs: Output) -> str:
    """What the digest shows after the source of the only cell."""
    text = digest(notebook(code(source, *outputs)), count, 4000).text
    return text.removeprefix(f"[1] code\n{source}").strip()


HEAD = """\
  customer_id signup_date  tenure_months        contract  \\
0     C000000  2023-05-07             14        one-year
1     C000001  2022-06-11             25  month-to-month
2     C000002  2019-09-25             58  month-to-month

   total_charges  churned
0     643.370001        1
1    2543.210000        0
2    2608.460000        0
"""


def test_a_table_that_pandas_wrapped_is_one_table_again() -> None:
    assert shown("df.head(3)", result(HEAD)).splitlines() == [
        "out: customer_id signup_date tenure_months contract total_charges churned",
        "C000000 2023-05-07 14 one-year 643.4 1",
        "C000001 2022-06-11 25 month-to-month 2543 0",
        "C000002 2019-09-25 58 month-to-month 2608 0",
    ]


def test_a_long_table_is_cut_and_says_so() -> None:
    rows = "\n".join(f"{at:5d}     C{at:06d}        0.{at % 90 + 10}" for at in range(1, 101))
    text = shown("print(top.to_string(index=False))", stdout(f" rank customer_id  churn_risk\n{rows}\n"))
    assert text.splitlines()[0] == "out: rank customer_id churn_risk"
    assert text.splitlines()[1] == "1 C000001 0.11"
    assert "95 more rows" in text


def test_values_with_spaces_stay_apart() -> None:
    table = (
        "                       MAE   RMSE  max error\n"
        "same week last year  1.315  1.435      3.100\n"
        "ridge                0.376  0.479      1.228\n"
    )
    assert shown("table", result(table)).splitlines() == [
        "out: MAE | RMSE | max error",
        "same week last year | 1.315 | 1.435 | 3.1",
        "ridge | 0.376 | 0.479 | 1.228",
    ]


def test_a_cross_table_keeps_the_names_of_both_sides() -> None:
    table = "had_affair      0      1\noccupation\n1.0         0.829  0.171\n2.0         0.707  0.293\n"
    assert shown("pd.crosstab(a, b)", result(table)).splitlines() == [
        "out: occupation 0 1",
        "1 0.829 0.171",
        "2 0.707 0.293",
    ]


DESCRIBE = """\
                  count   mean    std   min    25%    50%    75%    max
age              6366.0  29.08   6.85  17.5  22.00  27.00  32.00   42.0
credit_score     6366.0  705.8  102.5   465  645.0  689.0  733.2  999.0
"""


def test_describe_keeps_what_shows_gaps_placeholders_and_scale() -> None:
    assert shown("df.describe().T", result(DESCRIBE)).splitlines() == [
        "out: describe (count 6366 each): mean min max",
        "age 29.08 17.5 42",
        "credit_score 705.8 465 999",
    ]


def test_describe_the_other_way_round_shows_counts_that_differ() -> None:
    table = (
        "          age   income\n"
        "count  100.00    97.00\n"
        "mean    29.08   512.25\n"
        "std      6.85     1.00\n"
        "min     17.50     0.00\n"
        "max     42.00  1000.00\n"
    )
    assert shown("df.describe()", result(table)).splitlines() == [
        "out: describe: count mean min max",
        "age 100 29.08 17.5 42",
        "income 97 512.2 0 1000",
    ]


INFO = """\
<class 'pandas.core.frame.DataFrame'>
RangeIndex: 4000 entries, 0 to 3999
Data columns (total 3 columns):
 #   Column          Non-Null Count  Dtype
---  ------          --------------  -----
 0   flight_id       4000 non-null   int64
 1   carrier         4000 non-null   object
 2   wind_speed      3635 non-null   float64
dtypes: float64(1), int64(1), object(1)
memory usage: 93.9+ KB
"""


def test_info_is_rows_gaps_and_types() -> None:
    assert shown("df.info()", stdout(INFO)).splitlines() == [
        "out: info: 4000 rows, 3 columns; non-null below 4000: wind_speed 3635",
        "dtypes: int64 flight_id; object carrier; float64 wind_speed",
    ]


def test_info_without_gaps_says_so() -> None:
    assert "3 columns; no nulls" in shown("df.info()", stdout(INFO.replace("3635", "4000")))


MISSING = "income        432\nemployment    111\nage             0\ndtype: int64\n"


def test_missing_counts_show_columns_with_gaps_only() -> None:
    assert shown("df.isna().sum()", result(MISSING)) == "out: missing: income 432, employment 111; 0 in 1 others"


def test_no_missing_values_are_said_in_a_word() -> None:
    assert shown("df.isnull().sum()", result("a    0\nb    0\ndtype: int64\n")) == "out: missing: none in 2 columns"


def test_other_counts_are_not_taken_for_missing_ones() -> None:
    text = shown("print(df.nunique())\nprint(df.isna().sum().sum())", stdout("a    3\nb    7\ndtype: int64\n0\n"))
    assert "missing" not in text
    assert "a 3, b 7" in text


def test_counts_of_rows_beside_them_do_not_hide_missing_ones() -> None:
    source = "print(df.isnull().sum())\nprint(df.duplicated().sum())\nprint(df.isna().sum().sum())"
    assert shown(source, stdout("a    0\nb    0\ndtype: int64\n0\n0\n")).splitlines()[0] == (
        "out: missing: none in 2 columns"
    )


def test_a_series_of_zeros_is_said_in_a_word() -> None:
    rows = "".join(f"column_{at}    0\n" for at in range(9))
    assert shown("(df < 0).sum()", result(f"{rows}dtype: int64")) == "out: 0 in all 9"


def test_a_series_is_one_line_and_a_long_one_is_cut() -> None:
    rows = "\n".join(f"feature_{at:02d}    0.{at:02d}1234" for at in range(20))
    text = shown("importance", result(f"{rows}\nName: gain, dtype: float64"))
    assert text.startswith("out: gain: feature_00 0.001234, feature_01 0.01123, ")
    assert text.endswith("feature_09 0.09123, … 10 more")


def test_value_counts_keep_their_name() -> None:
    text = shown("y.value_counts()", result("churned\n0    4146\n1     854\nName: count, dtype: int64"))
    assert text == "out: churned: 0 4146, 1 854"


def test_dtypes_are_grouped() -> None:
    text = shown("df.dtypes", result("age    float64\nsex      int64\nbmi    float64\ndtype: object"))
    assert text == "out: dtypes: float64 age, bmi; int64 sex"


REPORT = """\
              precision    recall  f1-score   support

           0      1.000     0.993     0.997       142
           1      0.250     0.100     0.143        10

    accuracy                          0.951       152
   macro avg      0.625     0.547     0.570       152
weighted avg      0.951     0.934     0.941       152

   0  1
0 12  3
1  4  5
"""


def test_a_classification_report_loses_its_padding_only() -> None:
    lines = shown("print(classification_report(y, p))", stdout(REPORT)).splitlines()
    assert lines[:4] == [
        "out: precision recall f1 support",
        "0 1 0.993 0.997 142",
        "1 0.25 0.1 0.143 10",
        "accuracy 0.951 152",
    ]
    assert lines[6:] == ["0 1", "12 3", "4 5"]


def test_shapes_scores_and_best_parameters_stay() -> None:
    text = shown(
        "search",
        stdout(
            "(1000, 12) (250, 12)\nridge     CV MAE 0.591 ppm  {'reg__alpha': 1000}\nAccuracy: 0.817\nROC AUC : 0.730\n"
        ),
    )
    assert text.splitlines() == [
        "out: (1000, 12) (250, 12)",
        "ridge CV MAE 0.591 ppm {'reg__alpha': 1000}",
        "Accuracy: 0.817",
        "ROC AUC : 0.73",
    ]


def test_a_printed_confusion_matrix_becomes_one_line() -> None:
    assert shown("confusion_matrix(y, p)", result("array([[1961,    8],\n       [  28,    3]])")) == (
        "out: array([[1961, 8], [ 28, 3]])"
    )


@pytest.mark.parametrize(
    "noise",
    [
        "<Axes: title={'center': 'x'}, xlabel='a'>",
        "<Figure size 360x168 with 2 Axes>",
        "[<matplotlib.lines.Line2D at 0x7f0b1c0d5d90>]",
        "Text(0.5, 1.0, 'Tenure')",
        "<seaborn.axisgrid.FacetGrid at 0x7f0b1c0d5d90>",
    ],
)
def test_representations_of_plots_go_and_figures_are_a_mark(noise: str) -> None:
    assert shown("plot()", result(noise)) == ""
    assert shown("plot()", result(noise, figures=1)) == "out: [figure]"
    assert shown("plot()", result(noise, figures=3)) == "out: [3 figures]"


def test_the_repr_of_an_estimator_goes_but_not_that_of_the_best_one() -> None:
    assert shown("rf.fit(X, y)", result("RandomForestClassifier(random_state=42)")) == ""
    assert "C=0.01" in shown("search.best_estimator_", result("LogisticRegression(C=0.01)"))


WARNINGS = """\
/opt/lib/sklearn/metrics/_classification.py:3424: FutureWarning: `y_pred` was renamed
  warnings.warn(
/opt/lib/sklearn/linear_model/_logistic.py:469: ConvergenceWarning: lbfgs failed to converge (status=1):
STOP: TOTAL NO. OF ITERATIONS REACHED LIMIT.

Increase the number of iterations (max_iter) or scale the data as shown in:
    https://scikit-learn.org/stable/modules/preprocessing.html
/opt/lib/sklearn/linear_model/_logistic.py:469: ConvergenceWarning: lbfgs failed to converge (status=1):
  n_iter_i = _check_optimize_result(
/opt/lib/sklearn/utils/validation.py:2830: UserWarning: X does not have valid feature names, but LinearRegression was fitted with feature names
  warnings.warn(
"""


def test_warnings_are_counted_by_kind_and_those_about_versions_go() -> None:
    text = shown("fit()", stderr(WARNINGS))
    assert text.startswith("out: [3 warnings: 2 ConvergenceWarning, UserWarning: X does not have valid feature names")
    assert "Future" not in text
    assert "\n" not in text


def test_nothing_is_left_of_warnings_that_say_nothing() -> None:
    text = (
        "/opt/tqdm/auto.py:21: TqdmWarning: IProgress not found.\n  from .autonotebook import tqdm as notebook_tqdm\n"
    )
    made = digest(notebook(code("import mlflow", stderr(text))), count)
    assert made.text == "[1] code\nimport mlflow"
    assert [(omission.what, omission.cells) for omission in made.omissions] == [("warnings", (1,))]


def test_a_failure_on_stderr_after_a_warning_stays() -> None:
    text = shown("go()", stderr("/a/b.py:1: UserWarning: careful\n  warn()\nERROR: cannot write the model\n"))
    assert "cannot write the model" in text


def test_tracking_chatter_goes_but_runs_and_failures_stay() -> None:
    text = shown(
        "track()",
        stderr(
            "2026/11/21 21:46:35 INFO mlflow.tracking.fluent: Experiment with name 'x' does not exist. Creating it.\n"
            "2026/11/21 21:46:35 WARNING mlflow.sklearn: Saving scikit-learn models in the pickle format requires caution\n"
            "2026/11/21 21:46:36 ERROR mlflow: Failed to log the model\n"
        ),
        stdout(
            "🏃 View run forest at: http://127.0.0.1:5000/#/experiments/1/runs/5f6b\nSuccessfully registered model 'churn'.\n"
        ),
    )
    assert "does not exist" not in text
    assert "pickle" not in text
    assert "Failed to log the model" in text
    assert "View run forest" in text
    assert "Successfully registered model 'churn'." in text


def test_pip_is_quiet_unless_it_fails() -> None:
    text = shown(
        "%pip install xgboost",
        stdout(
            "Collecting xgboost\n  Downloading xgboost-2.1.0.whl (153.9 MB)\n"
            "Requirement already satisfied: numpy in /opt/lib\nSuccessfully installed xgboost-2.1.0\n"
            "ERROR: Could not find a version that satisfies the requirement xgbost\n"
        ),
    )
    assert "Collecting" not in text
    assert "Requirement" not in text
    assert "Successfully installed xgboost-2.1.0" in text
    assert "Could not find a version" in text


def test_progress_bars_go_and_epochs_keep_first_and_last() -> None:
    bar = "100%|██████████| 10/10 [00:01<00:00,  9.5it/s]\n"
    epochs = "".join(f"Epoch {at}/50 - loss: 0.{99 - at}\n" for at in range(1, 51))
    assert shown("fit()", stderr(bar), stdout(epochs)).splitlines() == [
        "out: Epoch 1/50 - loss: 0.98",
        "… 48 more lines",
        "Epoch 50/50 - loss: 0.49",
    ]


def test_lines_alike_are_cut_to_the_first_and_the_last() -> None:
    lines = "".join(f"store {at}: {at * 7} units\n" for at in range(40))
    text = shown("loop()", stdout(lines)).splitlines()
    assert text == [
        "out: store 0: 0 units",
        "store 1: 7 units",
        "store 2: 14 units",
        "… 36 more lines",
        "store 39: 273 units",
    ]


TRACEBACK = """\
---------------------------------------------------------------------------
ValueError                                Traceback (most recent call last)
Cell In[7], line 3
      1 from sklearn.linear_model import LogisticRegression
      2 m = LogisticRegression()
----> 3 m.fit(X, y)

File /opt/lib/python3.11/site-packages/sklearn/base.py:1389, in _fit_context.<locals>.wrapper(estimator)
   1387 )
-> 1389     return fit_method(estimator, *args, **kwargs)

ValueError: Input X contains NaN.
LogisticRegression does not accept missing values encoded as NaN natively.
"""


def test_an_error_shows_type_message_and_the_line_of_the_notebook() -> None:
    text = shown("m.fit(X, y)", error("ValueError", TRACEBACK))
    assert text == (
        "error: ValueError: Input X contains NaN. LogisticRegression does not accept missing values encoded as NaN "
        "natively. (at: m.fit(X, y))"
    )


def test_an_error_without_a_traceback_is_its_message() -> None:
    text = shown(
        "from sklearn.externals import joblib",
        error("ImportError", "ImportError: cannot import name 'joblib' from 'x' (/opt/venv/x/__init__.py)"),
    )
    assert text == "error: ImportError: cannot import name 'joblib' from 'x'"


def test_an_error_without_any_text_still_says_that_something_failed() -> None:
    assert shown("x", error("KeyboardInterrupt", "")) == "error: KeyboardInterrupt"
    assert shown("x", error("", "")) == "error: failed"


def test_errors_come_after_other_outputs() -> None:
    outputs = (error("NameError", "NameError: name 'sns' is not defined"), result("", figures=1))
    assert shown("plot()", *outputs) == "out: [figure]\nerror: NameError: name 'sns' is not defined"


def test_output_that_the_reader_cut_is_marked() -> None:
    text = shown("x", Output("stream", "stdout", "a\n", (), 5000))
    assert "… 5000 more characters" in text


@pytest.mark.parametrize(
    ("given", "short"),
    [
        ("2321.600119", "2322"),
        ("0.00", "0"),
        ("-0.000", "0"),
        ("0.00012345678", "0.0001235"),
        ("17.50", "17.5"),
        ("1.23456e-05", "1.235e-05"),
        ("12", "12"),
        ("1.2.3", "1.2.3"),
        ("v1.2345678", "v1.2345678"),
    ],
)
def test_numbers_keep_four_significant_digits(given: str, short: str) -> None:
    assert shorten_number(given) == short


def test_identifiers_dates_and_addresses_are_short() -> None:
    assert shorten_values("run 5f6b1c0d5d904a7f8e2d1c0b9a8f7e6d") == "run 5f6b1c…"
    assert shorten_values("2001-12-29 00:00:00 to 2002-01-01 10:30:00") == "2001-12-29 to 2002-01-01 10:30:00"
    assert shorten_values("np.float64(0.123456)") == "0.1235"
    assert shorten_values("see https://example.org/a/b?c=1") == "see https://example.org/…"
    assert shorten_values("192.168.10.1 and 3.11.4") == "192.168.10.1 and 3.11.4"
