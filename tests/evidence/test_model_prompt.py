"""What a prompt asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.evidence.facts.models.model_prompt import read_prompt

PREDICTIONS = {
    "": "unknown",
    "Forecast the next 52 weeks of CO2 from co2.csv.": "future",
    "Predict sales for tomorrow.": "future",
    "What will demand be in the coming quarter? Data: d.csv": "future",
    "Using w.csv, forecast the temperature for the last 30 days of the data.": "past",
    "Train a price model and value these two homes: 90 sqm, 120 sqm.": "rows",
    "Predict the price for this house: 80 sqm.": "rows",
    "Train on a.csv and predict churn for new customers.": "rows",
    "Which customers in t.csv are likely to churn?": "table",
    "Score the applicants in loans.csv with a probability of default.": "table",
    "Predict whether somebody defaults, from loans.csv.": "some",
    "Classify the cultivar in wine.csv and compare at least two models.": "some",
    "How much does a promotion lift sales in s.csv? Build a regression model and evaluate it.": "some",
    "Build a churn model on t.csv and explain what drives churn.": "none",
    "Do a first exploration of t.csv and train one quick baseline for churned.": "none",
    "Clean and visualise t.csv.": "none",
}
TRAINING = {
    "": None,
    "Hello.": None,
    "Predict rent from flats.csv.": True,
    "Build a model and save it for batch scoring.": True,
    "Score the applicants in loans.csv and save the model.": True,
    "Fine-tune the existing model on t.csv.": True,
    "Which customers in t.csv are likely to churn?": True,
    "Load the existing model m.pkl and evaluate it on t.csv.": False,
    "Use the saved pipeline m.joblib to score the rows of t.csv.": False,
    "Apply model.onnx to t.csv and report the error.": False,
    "Explore t.csv and report on data quality.": False,
    "Clean t.csv; no modelling please.": False,
}


@pytest.mark.parametrize("prompt", PREDICTIONS)
def test_which_predictions_are_asked_for(prompt: str) -> None:
    assert read_prompt(prompt).predictions == PREDICTIONS[prompt]


@pytest.mark.parametrize("prompt", TRAINING)
def test_whether_training_is_asked_for(prompt: str) -> None:
    assert read_prompt(prompt).training is TRAINING[prompt]


@given(st.text(max_size=400))
def test_any_text_is_read(prompt: str) -> None:
    asked = read_prompt(prompt)
    assert asked.predictions in ("unknown", "none", "some", "table", "rows", "future", "past")
    assert asked.training is None or isinstance(asked.training, bool)
