from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.evidence.code import read_code
from nbalign.evidence.facts.reading.target import target_names, target_of

from .building import notebook

LOAD = 'import pandas as pd\ndf = pd.read_csv("d.csv")\n'


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ('y = df["churn"]\nX = df.drop("churn", axis=1)\ntrain_test_split(X, y)', "churn"),
        ('X, y = df[["a", "b"]], df["price"]\nmodel.fit(X, y)', "price"),
        ('y = df.pop("Survived")\nmodel.fit(df, y)', "Survived"),
        ('X = df.drop(columns=["label"])', "label"),
        ('TARGET = "sale_price"\ny = df[TARGET]\nmodel.fit(df.drop(columns=TARGET), y)', "sale_price"),
        ('target_col = "default"\nfeatures = [c for c in df.columns if c != target_col]', "default"),
        ('import statsmodels.formula.api as smf\nsmf.ols("wage ~ educ + age", data=df).fit()', "wage"),
        ('smf.ols("np.log(price) ~ sqft", data=df).fit()', "price"),
        ('X_train, X_test, y_train, y_test = train_test_split(df[["a"]], df["b"], stratify=df["b"])', "b"),
        ("y = df.species.map({'a': 0})\nX = df[['x']]\nclf.fit(X, y)", "species"),
        ('y = np.log1p(df["cnt"].values)\ntrain_test_split(X, y)', "cnt"),
        ('y = LabelEncoder().fit_transform(df["kind"])\nmodel.fit(X, y)', "kind"),
        ('lr = LogisticRegression(featuresCol="f", labelCol="clicked")', "clicked"),
        ('def split(X, y):\n    return train_test_split(X, y)\nsplit(encode(df), df["species"])', "species"),
        ('class Config:\n    target: str = "mpg"\ncfg = Config()\ny = df[cfg.target]', "mpg"),
        ('co2 = pd.read_csv("co2.csv", index_col=0)["ppm"]', "ppm"),
    ],
)
def test_the_target_is_read_off_the_idiom_that_parts_it(source: str, target: str) -> None:
    assert target_of(read_code(notebook(LOAD + source))) == target


@pytest.mark.parametrize(
    "source",
    [
        "df.head()",
        'plt.scatter(df["a"], df["b"])',
        'x = df["a"]\ny = df["b"]\nplt.plot(x, y)',
        'df = df.drop(columns=["id", "name"])',
        "X, y = make_classification()\nmodel.fit(X, y)",
        'df["z"] = df["a"] * 2',
        "y = df.iloc[:, -1]\nX = df.iloc[:, :-1]\nmodel.fit(X, y)",
        'StandardScaler().fit(df[["a", "b"]])',
    ],
)
def test_there_is_no_guess_where_nothing_parts_a_target(source: str) -> None:
    assert target_of(read_code(notebook(LOAD + source))) == ""


def test_two_equal_candidates_are_no_guess() -> None:
    assert target_of(read_code(notebook(LOAD + 'train_test_split(X, df["a"])\ntrain_test_split(X, df["b"])'))) == ""


def test_the_prompt_names_the_target_where_the_code_uses_it() -> None:
    made = notebook(LOAD + 'print(df["sale_price"].mean())', prompt="Predict sale_price for the listings.")
    assert target_of(read_code(made)) == "sale_price"


def test_columns_made_of_the_target_alone_are_the_target_too() -> None:
    source = 'df["log_price"] = np.log(df["price"])\ny = df["log_price"]\nmodel.fit(df[["a"]], y)'
    names = target_names(read_code(notebook(LOAD + source)))
    assert {"price", "log_price", "y"} <= names


def test_lags_of_the_target_are_not_the_target() -> None:
    source = 'df["lag"] = df["sales"].shift(1)\ny = df["sales"]\nmodel.fit(df[["lag"]], y)'
    assert "lag" not in target_names(read_code(notebook(LOAD + source)))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_text_makes_the_guess_fail(source: str) -> None:
    assert isinstance(target_of(read_code(notebook(source, 'y = df["a"]\n' + source))), str)
