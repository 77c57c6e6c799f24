"""Numbers with their names, read out of outputs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.evidence.facts.metrics.claims import sentences
from nbalign.evidence.facts.metrics.confusion import matrices
from nbalign.evidence.facts.metrics.shown_numbers import all_numbers, shown_numbers
from tests.evidence.building import code, md, notebook

REPORT = """\
              precision    recall  f1-score   support

           0      0.734     0.889     0.804      1079
           1      0.579     0.322     0.414       513

    accuracy                          0.706      1592
   macro avg      0.656     0.605     0.609      1592
"""


def read(text: str) -> list[tuple[str, float, str]]:
    return [(s.metric, s.value, s.owner) for s in shown_numbers(notebook(code("run()", text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RMSE: 3.21\n", [("rmse", 3.21, "")]),
        ("accuracy = 0.93\n", [("accuracy", 0.93, "")]),
        ("Test accuracy: 98.55%\n", [("accuracy", 0.9855, "Test")]),
        ("{'mae': 2.5, 'r2': np.float64(0.81)}\n", [("mae", 2.5, ""), ("r2", 0.81, "")]),
        ("forest: MAE 4.1 | R2 0.62\n", [("mae", 4.1, "forest"), ("r2", 0.62, "forest")]),
        ("accuracy on the 86 held-out penguins: 0.988\n", [("accuracy", 0.988, "")]),
        ("Mean Absolute Error: 12,345.6\n", [("mae", 12345.6, "")]),
        ("R² score: -0.2\n", [("r2", -0.2, "")]),
        ("MSE: 1.2e-05\n", [("mse", 1.2e-05, "")]),
        ("accuracy    0.873\nf1          0.788\ndtype: float64\n", [("accuracy", 0.873, ""), ("f1", 0.788, "")]),
        ("Pseudo R-squared: 0.21\n", []),
        ("maelstrom 3\nplacement 4\n", []),
        ("RMSE: nan\n", []),
    ],
)
def test_lines(text: str, expected: list[tuple[str, float, str]]) -> None:
    found = read(text)
    assert [(m, o) for m, _, o in found] == [(m, o) for m, _, o in expected]
    assert [v for _, v, _ in found] == pytest.approx([v for _, v, _ in expected])


def test_a_table_is_read_by_its_columns() -> None:
    text = (
        "            cv_mae    mae     r2\nmodel\nlast year    9.100  9.300  0.100\nridge        4.200  4.500  0.610\n"
    )
    found = shown_numbers(notebook(code("t", result=text)))
    assert [(s.metric, s.value, s.owner, s.rows) for s in found][:2] == [
        ("mae", 9.1, "last year", "cv"),
        ("mae", 9.3, "last year", ""),
    ]
    assert [s.baseline for s in found] == [True] * 3 + [False] * 3


def test_a_table_may_have_metrics_for_rows() -> None:
    text = "      mean  forest\nMAE   9.10    4.20\nR2    0.00    0.61\n"
    assert read(text) == [("mae", 9.1, "mean"), ("mae", 4.2, "forest"), ("r2", 0.0, "mean"), ("r2", 0.61, "forest")]


def test_a_drawn_table_is_read_too() -> None:
    text = "| model | accuracy |\n|-------|----------|\n| dummy | 0.61     |\n| svm   | 0.93     |\n"
    assert read(text) == [("accuracy", 0.61, "dummy"), ("accuracy", 0.93, "svm")]


def test_a_series_takes_its_metric_from_its_name() -> None:
    text = "logreg    0.981\nforest    1.000\nName: test_accuracy, dtype: float64\n"
    assert sorted(read(text)) == [("accuracy", 0.981, "logreg"), ("accuracy", 1.0, "forest")]


def test_a_classification_report_gives_classes_and_accuracy() -> None:
    found = read(REPORT)
    assert ("recall", 0.322, "1") in found
    assert ("support", 513.0, "1") in found
    assert ("accuracy", 0.706, "accuracy") in found


@pytest.mark.parametrize(
    ("text", "recall"),
    [
        ("[[90  5]\n [ 4  1]]\n", 0.2),
        ("array([[90,  5],\n       [ 0,  5]])", 1.0),
        ("[[90 5 1]\n [4 1 0]\n [0 0 3]]\n", None),
    ],
)
def test_confusion_matrices(text: str, recall: float | None) -> None:
    assert [m.recall for m in matrices(notebook(code("print(confusion_matrix(y, p))", text)))] == [recall]


def test_arrays_of_other_cells_are_no_confusion_matrices() -> None:
    assert matrices(notebook(code("print(X[:2])", "[[1 2]\n [3 4]]\n"))) == ()


@pytest.mark.parametrize(
    ("text", "rows"),
    [("train accuracy: 0.99", "train"), ("CV f1: 0.8", "cv"), ("test RMSE: 3.0", "test"), ("accuracy: 0.9", "")],
)
def test_words_say_on_which_rows(text: str, rows: str) -> None:
    assert [s.rows for s in shown_numbers(notebook(code("x", text)))] == [rows]


@given(st.text(alphabet="accuryRMSE2 0123456789.:=%|\n-[](),{}'eNname:", max_size=400))
def test_any_output_can_be_read(text: str) -> None:
    made = notebook(code("print(confusion_matrix(a, b))", text), md(text))
    shown_numbers(made)
    matrices(made)
    all_numbers(made)
    sentences(made)


@given(st.floats(0, 1).map(lambda v: round(v, 4)), st.sampled_from(["accuracy", "ROC AUC", "recall", "R2", "F1"]))
def test_what_is_printed_is_read_back(value: float, name: str) -> None:
    assert [v for _, v, _ in read(f"{name}: {value:.4f}\n")] == [pytest.approx(value)]


def test_markdown_is_parted_into_sentences_without_its_headings_and_code() -> None:
    text = "# Result\nThe MAE is 3.2, which\nis good. It beats the mean.\n\n- one item\n```\nmae = 0.1\n```\n"
    found = [s.text for s in sentences(notebook(md(text)))]
    assert found == ["The MAE is 3.2, which is good.", "It beats the mean.", "one item"]
