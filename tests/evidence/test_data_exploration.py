from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.evidence import read_evidence, rule_score

from .building import Piece, code, facts_of, kinds_of, md, notebook

DIM = "data_exploration"
LOAD = "import numpy as np\nimport pandas as pd\nimport seaborn as sns\nimport matplotlib.pyplot as plt\ndf = pd.read_csv('d.csv')"
FIT = "X = df.drop(columns='y')\ny = df['y']\nmodel = RandomForestClassifier()\nmodel.fit(X, y)"
SERIES_FIT = "y = df['y']\nmodel = RandomForestRegressor()\nmodel.fit(df[['lag']], y)"
FORECAST = "Forecast y for the next 30 days."


def kinds(*looks: str | Piece, prompt: str = "", fit: str = FIT) -> set[str]:
    return kinds_of(DIM, LOAD, *looks, fit, prompt=prompt)


MISSING = [
    "df.isnull().sum()",
    "print(df.isna().mean().sort_values())",
    "df.info()",
    "import missingno as msno\nmsno.matrix(df)",
    "sns.heatmap(df.isnull(), cbar=False)",
    "missing = df.isna().sum()\nmissing[missing > 0]",
    "def audit(t):\n    return pd.DataFrame({'gaps': t.isna().sum()})\naudit(df)",
    "for c in df.columns:\n    print(c, df[c].isnull().sum())",
]
NO_MISSING = [
    "df.describe()",
    "df = df.dropna()",
    "gaps = df.isna().sum()",
    "def audit(t):\n    return t.isna().sum()",
    "df['x_missing'] = df['x'].isna().astype(int)\ndf.describe()",
    "df = df.fillna(0)\ndf.isna().sum()",
    "df['y'].value_counts()",
]


@pytest.mark.parametrize("look", MISSING)
def test_missing_values_are_looked_for(look: str) -> None:
    found = kinds(look)
    assert "gaps_looked_at" in found and "gaps_not_looked_at" not in found


@pytest.mark.parametrize("look", NO_MISSING)
def test_missing_values_are_not_counted_or_too_late(look: str) -> None:
    found = kinds("df['a'].hist()", look)
    assert "gaps_not_looked_at" in found and "gaps_looked_at" not in found


def test_a_count_after_the_filling_is_told_with_both_cells() -> None:
    found = facts_of(DIM, LOAD, "df['a'] = df['a'].fillna(0)", "df.isna().sum()", "df['y'].hist()", FIT)
    (late,) = [f for f in found if f.kind.name == "gaps_not_looked_at"]
    assert late.cells == (2, 3) and "after" in late.text


VALUES = [
    "df.describe()",
    "df[['a', 'b']].hist(bins=20)",
    "sns.boxplot(data=df, x='a')",
    "for c in ['a', 'b']:\n    plt.figure()\n    sns.histplot(df[c])",
    "df['a'].value_counts()",
    "print(df.nunique())",
    "def show(t, columns):\n    for c in columns:\n        print(t[c].value_counts())\nshow(df, ['a', 'b'])",
    "fig, ax = plt.subplots()\nax.hist(df['age'])",
]
NO_VALUES = [
    "df.head()",
    "df.shape",
    "df.isna().sum()",
    "summary = df.describe()",
    "def show(t):\n    print(t.describe())",
    "lowest = df['a'].min()\ndf['b'] = df['a'] - lowest",
    "df.groupby('g')",
]


@pytest.mark.parametrize("look", VALUES)
def test_values_are_looked_at(look: str) -> None:
    found = kinds(look)
    assert "values_looked_at" in found and "values_not_looked_at" not in found


@pytest.mark.parametrize("look", NO_VALUES)
def test_values_are_not_looked_at(look: str) -> None:
    found = kinds("df['y'].value_counts()", look)
    assert "values_not_looked_at" in found and "values_looked_at" not in found


TARGET = [
    "df['y'].value_counts(normalize=True)",
    "sns.countplot(x='y', data=df)",
    "print(df.y.mean())",
    "df['y'].hist()",
    "target = 'y'\nprint(df[target].describe())",
    "from collections import Counter\nprint(Counter(df['y']))",
    "df.groupby('y').size()",
    "df.hist(figsize=(10, 8))",
    "labels = df['y']\nnp.bincount(labels)\nprint(np.bincount(labels))",
    "def balance(t):\n    print(t['y'].value_counts())\nbalance(df)",
]
NO_TARGET = [
    "df['a'].value_counts()",
    "df.isna().sum()",
    "sns.histplot(df['a'])",
    "df['y'] = df['y'].map({'no': 0, 'yes': 1})",
    "counts = df['y'].value_counts()",
    "df['big'] = df['y'] > df['y'].mean()",
    "print(df['y'].isna().sum())",
]


@pytest.mark.parametrize("look", TARGET)
def test_the_target_is_looked_at(look: str) -> None:
    found = kinds(look)
    assert "target_looked_at" in found and "target_not_looked_at" not in found


@pytest.mark.parametrize("look", NO_TARGET)
def test_the_target_is_not_looked_at(look: str) -> None:
    found = kinds("df['a'].hist()", look)
    assert "target_not_looked_at" in found and "target_looked_at" not in found


def test_a_row_of_describe_is_a_milder_gap() -> None:
    whole = [f for f in facts_of(DIM, LOAD, "df.describe()", FIT) if f.kind.name == "target_not_looked_at"]
    nothing = [f for f in facts_of(DIM, LOAD, "df['a'].hist()", FIT) if f.kind.name == "target_not_looked_at"]
    assert whole[0].points > nothing[0].points and "describe()" in whole[0].text


RELATIONS = [
    "df.corr()",
    "sns.heatmap(df.corr(), annot=True)",
    "corr = df.corr()\nsns.heatmap(corr)",
    "df.groupby('sex')['y'].mean()",
    "pd.crosstab(df['sex'], df['y'])",
    "sns.boxplot(x='y', y='age', data=df)",
    "sns.pairplot(df, hue='y')",
    "plt.scatter(df['a'], df['y'])",
    "df.boxplot(column='age', by='y')",
    "for c in ['a', 'b']:\n    print(df.groupby(c).y.agg(['mean', 'size']))",
    "rates = {c: df.groupby(c)['y'].mean() for c in ['a', 'b']}\nfor c, t in rates.items():\n    print(c, t)",
    "df.pivot_table(values='y', index='a')",
    "def compare(t, columns):\n    for c in columns:\n        sns.histplot(data=t, x=c, hue='y')\ncompare(df, ['a', 'b'])",
]
NO_RELATIONS = [
    "df['y'].value_counts()",
    "df.drop(columns='y').corr()",
    "df['rate'] = df.groupby('city')['y'].transform('mean')\ndf.head()",
    "group_rate = df.groupby('city')['y'].mean()\ndf['rate'] = df['city'].map(group_rate)\ndf[['rate']].head()",
    "sns.scatterplot(data=df, x='a', y='b')",
    "df.groupby('city')['a'].mean()",
    "corr = df.corr()",
]


@pytest.mark.parametrize("look", RELATIONS)
def test_features_are_set_against_the_target(look: str) -> None:
    found = kinds(look)
    assert "relations_looked_at" in found and "relations_not_looked_at" not in found


@pytest.mark.parametrize("look", NO_RELATIONS)
def test_no_feature_is_set_against_the_target(look: str) -> None:
    found = kinds("df['a'].hist()", look)
    assert "relations_not_looked_at" in found and "relations_looked_at" not in found


def test_looks_after_the_first_model_do_not_count() -> None:
    found = kinds_of(DIM, LOAD, "df['a'].hist()", FIT, "df.corr()", "df['y'].value_counts()")
    assert {"relations_not_looked_at", "target_not_looked_at"} <= found


SERIES = [
    "plt.plot(df['date'], df['y'])",
    "df['y'].plot()",
    "df.set_index('date')['y'].rolling(30).mean().plot()",
    "from statsmodels.tsa.seasonal import seasonal_decompose\nseasonal_decompose(df['y'], period=7).plot()",
    "from statsmodels.graphics.tsaplots import plot_acf\nplot_acf(df['y'])",
    "df.groupby(df['date'].dt.month)['y'].mean().plot.bar()",
    "sns.lineplot(data=df, x='date', y='y')",
    "print(df.resample('M', on='date')['y'].mean())",
    "def draw(t):\n    fig, ax = plt.subplots()\n    ax.plot(t['date'], t['y'])\ndraw(df)",
]
NO_SERIES = [
    "df['y'].describe()",
    "df.info()",
    "df['month'] = df['date'].dt.month\ndf.describe()",
    "df['roll'] = df['y'].rolling(7).mean()\ndf.describe()",
    "sns.histplot(df['y'])",
    "df['date'].min(), df['date'].max()",
]


@pytest.mark.parametrize("look", SERIES)
def test_trend_or_season_of_a_series_is_shown(look: str) -> None:
    found = kinds(look, prompt=FORECAST, fit=SERIES_FIT)
    assert "series_looked_at" in found and "series_not_looked_at" not in found


@pytest.mark.parametrize("look", NO_SERIES)
def test_neither_trend_nor_season_is_shown(look: str) -> None:
    found = kinds("df['a'].hist()", look, prompt=FORECAST, fit=SERIES_FIT)
    assert "series_not_looked_at" in found and "series_looked_at" not in found


@pytest.mark.parametrize(
    ("prompt", "extra"),
    [
        ("Predict churn.", ""),
        ("Predict sale_price.", ""),
        ("Estimate the delay before departure.", "cv = TimeSeriesSplit(5)"),
        ("Detect fraud.", ""),
        ("Classify the wine.", ""),
    ],
)
def test_no_series_facts_for_other_tasks(prompt: str, extra: str) -> None:
    found = kinds("df['y'].plot()", extra, prompt=prompt)
    assert not found & {"series_looked_at", "series_not_looked_at"}


NOTHING = [
    [],
    ["df.head()"],
    ["print(df.shape)\nprint(df.columns.tolist())"],
    ["df.sample(5)", "len(df)"],
    ["df.dtypes", "df.tail(3)"],
    ["display(df.head())"],
    ["summary = df.describe()"],
]
SOMETHING = [
    ["df.describe()"],
    ["df.isna().sum()"],
    ["sns.pairplot(df)"],
    ["df['y'].value_counts()"],
    ["def eda(t):\n    print(t.describe())\n\ndef main():\n    eda(df)\n\nmain()"],
    ["from ydata_profiling import ProfileReport\nProfileReport(df)"],
]


@pytest.mark.parametrize("looks", NOTHING)
def test_rows_sizes_and_names_are_next_to_no_exploration(looks: list[str]) -> None:
    found = facts_of(DIM, LOAD, *looks, FIT)
    assert "nothing_looked_at" in {f.kind.name for f in found}
    score = rule_score(DIM, found)
    assert score is not None and score.score == 1


@pytest.mark.parametrize("looks", SOMETHING)
def test_any_substantial_look_is_more_than_nothing(looks: list[str]) -> None:
    assert "nothing_looked_at" not in kinds(*looks)


WORDS = [
    "- 17 % of the customers churn, so accuracy is a poor yardstick.\n- Older people churn less.\n- Tenure is skewed.",
    "The target is unbalanced (5 % positives), hence we stratify. Income is right-skewed and needs a log. Age has no outliers.",
    "* Weight correlates most strongly with mpg (-0.83).\n* Japanese cars go further than US cars.\n* The curve is bent, a tree copes.",
    "Sales rise from 200 to 300 over three years. Friday to Sunday are higher. The season peaks in July, so month becomes a feature.",
    "1. Class 2 is rare, with 48 of 178 rows.\n2. Alcohol separates class 0 from the rest.\n3. Flavanoids and phenols overlap.",
]
NO_WORDS = [
    "## Features",
    "Let us look at the data.",
    "Next we plot the columns.",
    "## Modelling\nThe forest has 100 trees and a depth of 5, which is more than enough.",
    "| column | meaning |\n|---|---|\n| a | 17 levels |",
    "Now the model?",
]


@pytest.mark.parametrize("text", WORDS)
def test_words_that_read_the_outputs(text: str) -> None:
    found = kinds("df.describe()", "df['y'].value_counts()", md(text))
    assert "findings_in_words" in found
    assert not found & {"no_findings_in_words", "few_findings_in_words"}


@pytest.mark.parametrize("text", NO_WORDS)
def test_headings_plans_and_later_stages_read_no_output(text: str) -> None:
    found = kinds("df.describe()", "df['y'].value_counts()", md(text))
    assert "no_findings_in_words" in found and "findings_in_words" not in found


FEW = [
    "There are no missing values.",
    "Two columns have gaps, in 3 % of the rows.",
    "All columns are numeric and none has a gap.",
    "The target is unbalanced with 5 % positives.",
    "Nothing is missing and there are no duplicates in the 900 rows.",
]


@pytest.mark.parametrize("text", FEW)
def test_a_word_on_gaps_or_a_single_sentence_is_little(text: str) -> None:
    found = kinds("df.describe()", "df.isna().sum()", md(text))
    assert "few_findings_in_words" in found


@pytest.mark.parametrize("text", [*WORDS[:3], "", "## Model"])
def test_little_is_not_said_of_much_or_none(text: str) -> None:
    assert "few_findings_in_words" not in kinds("df.describe()", "df['y'].value_counts()", md(text))


FAILED = [
    code("sns.heatmap(df.corr())", error=("NameError", "name 'sns' is not defined")),
    code("df['q'].hist()", error=("KeyError", "'q'")),
    code(
        "parts = sm.tsa.seasonal_decompose(df['y'])\nprint(parts.seasonal)",
        error=("NameError", "name 'sm' is not defined"),
    ),
    code("df.corr()", error=("ValueError", "could not convert string to float: 'a'")),
    code("print(df.shape)\nsns.pairplot(df)", text="(10, 3)\n", error=("NameError", "name 'sns' is not defined")),
]
NOT_FAILED = [
    code("df.describe()", result="count 10"),
    code("print(df.describe())\nfoo()", text="count 10\n", error=("NameError", "name 'foo' is not defined")),
    code("best_model.score(df)", error=("NameError", "name 'best_model' is not defined")),
    code("df.head()", error=("NameError", "name 'df' is not defined")),
    code("import nothere", error=("ModuleNotFoundError", "No module named 'nothere'")),
]


@pytest.mark.parametrize("cell", FAILED)
def test_a_look_that_failed_shows_nothing(cell: Piece) -> None:
    found = facts_of(DIM, LOAD, code("df.isna().sum()", result="0"), cell, FIT)
    (failed,) = [f for f in found if f.kind.name == "look_failed"]
    assert failed.cells == (3,) and cell.outputs[-1].name in failed.text
    assert "relations_looked_at" not in {f.kind.name for f in found}


@pytest.mark.parametrize("cell", NOT_FAILED)
def test_other_failures_are_no_failed_looks(cell: Piece) -> None:
    assert "look_failed" not in kinds(code("df['a'].hist()", result="Axes"), cell)


LOADED = "import joblib\nmodel = joblib.load('model.pkl')\nprint(model.predict(pd.read_csv('new.csv')))"


@pytest.mark.parametrize(
    "prompt",
    [
        "Use the saved model to score data/new.csv.",
        "Load model.pkl and evaluate it on data/test.csv.",
        "Apply the existing churn model to these customers.",
        "Score the rows in new.csv with the trained classifier in model.joblib.",
        "How good is our deployed fraud model on last week's data?",
    ],
)
def test_a_prompt_about_an_existing_model_needs_no_exploration(prompt: str) -> None:
    assert kinds_of(DIM, "import pandas as pd", LOADED, prompt=prompt) == {"exploration_not_asked"}


@pytest.mark.parametrize(
    "prompt",
    [
        "Train a model and save it as model.pkl.",
        "Build a classifier for churn.",
        "Explore the data and evaluate the saved model.",
        "Predict sale_price.",
        "Retrain the existing model on new data.",
    ],
)
def test_other_prompts_do(prompt: str) -> None:
    assert "exploration_not_asked" not in kinds("df.head()", prompt=prompt)


def test_a_notebook_without_data_or_model_says_nothing() -> None:
    assert facts_of(DIM, "print('hello')", md("# Notes")) == ()


def test_all_main_parts_with_words_come_to_three() -> None:
    looks = ["df.isna().sum()", "df.describe()", "df['y'].value_counts()", "df.corr()"]
    score = rule_score(DIM, facts_of(DIM, LOAD, *looks, md(WORDS[0]), FIT))
    assert score is not None and score.score == 3
    silent = rule_score(DIM, facts_of(DIM, LOAD, *looks, FIT))
    assert silent is not None and silent.score == 2


def test_facts_are_short_and_cite_cells_of_the_notebook() -> None:
    looks = [f"sns.histplot(df['{'x' * 300}'])", "df.corr()", "df['y'].value_counts()"]
    made = notebook(LOAD, *looks, FIT)
    for fact in read_evidence(made, strict=True).of(DIM):
        assert len(fact.text) <= 160 and "\n" not in fact.text
        assert all(1 <= cell <= len(made.cells) for cell in fact.cells)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([LOAD, FIT, *MISSING, *TARGET, *RELATIONS, *SERIES, "def f(:", "f()\n" * 3]), max_size=8),
    st.integers(0, 60),
)
def test_no_notebook_however_cut_makes_it_fail(cells: list[str], cut: int) -> None:
    facts_of(DIM, *(c[: max(len(c) - cut, 1)] for c in cells))
