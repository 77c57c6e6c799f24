"""A scripted assistant: writes a notebook for a case of the suite `tabular` without any language model.

It stands in for an assistant where a proof needs one whose every difference is known: `--no-split` trains and scores on
the same rows and changes nothing else; another seed changes the models that it tries and nothing that matters.

    nbalign run tabular --name split --seed 1 \\
        --generator 'command:python3 {here}/benchmarks/assistant.py {prompt_file} {data} {out} --seed {seed}'
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MODELS = {
    "classification": {
        "LogisticRegression": ("sklearn.linear_model", "max_iter=2000", "C", "[0.1, 1.0, 10.0]"),
        "RandomForestClassifier": ("sklearn.ensemble", "random_state={seed}", "max_depth", "[4, 8, None]"),
        "GradientBoostingClassifier": ("sklearn.ensemble", "random_state={seed}", "max_depth", "[2, 3, 4]"),
    },
    "regression": {
        "Ridge": ("sklearn.linear_model", "", "alpha", "[0.1, 1.0, 10.0]"),
        "RandomForestRegressor": ("sklearn.ensemble", "random_state={seed}", "max_depth", "[4, 8, None]"),
        "GradientBoostingRegressor": ("sklearn.ensemble", "random_state={seed}", "max_depth", "[2, 3, 4]"),
    },
}


@dataclass(frozen=True)
class Table:
    """What the assistant knows of a file.

    Attributes:
        target: The column to be predicted.
        kind: `classification` or `regression`.
        drop: Identifiers, and columns that are only known afterwards.
        prepare: Lines that bring the table into shape.
        ordered: Whether rows follow each other in time.
    """

    target: str
    kind: str
    drop: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()
    ordered: bool = False


def _lags(target: str, *more: str) -> tuple[str, ...]:
    return (
        *more,
        "for lag in (1, 2, 7):",
        f"    df[f'lag_{{lag}}'] = df['{target}'].shift(lag)",
        "df = df.dropna(subset=['lag_7']).reset_index(drop=True)",
    )


_MONTHS = (
    "df = df.melt(id_vars='Year', var_name='month', value_name='temperature')",
    "df['date'] = pd.to_datetime(df['Year'].astype(str) + '-' + df['month'], format='%Y-%b')",
    "df = df.sort_values('date').drop(columns=['Year', 'month']).dropna(subset=['temperature'])",
)
TABLES: Mapping[str, Table] = {
    "iris.csv": Table("species", "classification"),
    "wine.csv": Table("cultivar", "classification"),
    "tumours.csv": Table("diagnosis", "classification"),
    "digits.csv": Table("digit", "classification"),
    "travel.csv": Table("chosen", "classification", ("traveller",)),
    "churn.csv": Table("churned", "classification", ("customer_id", "joined")),
    "card_payments.csv": Table("is_fraud", "classification", ("payment_id", "time", "chargeback")),
    "loans.csv": Table("default", "classification", ("loan_id", "recovered")),
    "support_tickets.csv": Table("priority", "classification", ("ticket", "text")),
    "pumps.csv": Table("fails_next_week", "classification", ("pump",)),
    "diabetes.csv": Table("progression", "regression"),
    "food.csv": Table("food", "regression"),
    "investment.csv": Table("invest", "regression", ("firm",)),
    "houses.csv": Table("price", "regression"),
    "co2.csv": Table("co2_ppm", "regression", ("date",), _lags("co2_ppm", "df = df.dropna()"), True),
    "sunspots.csv": Table("sunspots", "regression", ("year",), _lags("sunspots"), True),
    "macro.csv": Table("unemp", "regression", ("year", "quarter"), _lags("unemp"), True),
    "elnino.csv": Table("temperature", "regression", ("date",), _lags("temperature", *_MONTHS), True),
    "bike_hire.csv": Table("hires", "regression", ("date",), _lags("hires"), True),
    "shop_sales.csv": Table("units", "regression", ("date",), _lags("units"), True),
    "power_load.csv": Table("load_mw", "regression", ("time",), _lags("load_mw"), True),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prompt_file", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-split", action="store_true", help="train and score on the same rows")
    asked = parser.parse_args()
    prompt = asked.prompt_file.read_text(encoding="utf-8").strip()
    name = next(name for name in TABLES if (asked.data / name).is_file() and name in prompt)
    cells = Writer(prompt, name, TABLES[name], asked.seed, split=not asked.no_split).cells()
    book = {"cells": cells, "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}
    asked.out.write_text(json.dumps(book, indent=1), encoding="utf-8")


KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


class Writer:
    """Writes one notebook."""

    def __init__(self, prompt: str, name: str, table: Table, seed: int, *, split: bool) -> None:
        self._prompt, self._name, self._table, self._split = prompt, name, table, split
        draw = random.Random(seed)
        self._seed = draw.randrange(1000)
        models = MODELS[table.kind]
        self._models = draw.sample(sorted(models), 2)
        self._folds = draw.choice([4, 5])
        self._cells: list[dict[str, object]] = []

    def cells(self) -> list[dict[str, object]]:
        self._say(f"> {self._prompt}")
        self._load()
        self._explore()
        if "No model" not in self._prompt:
            self._prepare()
            self._train()
            self._evaluate()
            self._use()
        self._say("## Conclusion", "The figures above answer the question; what they rest on is said beside each.")
        return self._cells

    def _load(self) -> None:
        imports = ["import matplotlib.pyplot as plt", "import pandas as pd"]
        imports += [f"from {MODELS[self._table.kind][m][0]} import {m}" for m in sorted(self._models)]
        splitting = "GridSearchCV, cross_val_score" + (", train_test_split" if self._split else "")
        score = self._score()
        imports += [
            f"from sklearn.model_selection import {splitting}",
            "from sklearn.compose import make_column_transformer",
            "from sklearn.impute import SimpleImputer",
            f"from sklearn.metrics import {score}",
            "from sklearn.pipeline import make_pipeline",
            "from sklearn.preprocessing import OneHotEncoder, StandardScaler",
        ]
        if "No model" in self._prompt:
            imports = imports[:2]
        self._say("## Libraries", "Everything used below; no other library is needed.")
        self._code(*imports)
        self._say("## Data", f"`{self._name}` is read as it is.")
        self._code(f"df = pd.read_csv('{self._name}')", "print(df.shape)", "df.head()")

    def _explore(self) -> None:
        target = self._table.target
        self._say("## Exploration", "Types, missing values, distributions, and the target.")
        self._code("df.info()", "df.isna().sum()")
        self._code("df.describe(include='all').T")
        if self._table.prepare:
            self._code(*self._table.prepare)
        if self._table.kind == "classification":
            self._code(f"df['{target}'].value_counts(normalize=True)")
            self._code(f"df['{target}'].value_counts().plot.bar(title='{target}')", "plt.show()")
        else:
            self._code(f"df['{target}'].plot.hist(bins=30, title='{target}')", "plt.show()")
            self._code(f"df.corr(numeric_only=True)['{target}'].sort_values()")

    def _prepare(self) -> None:
        table = self._table
        dropped = [table.target, *table.drop]
        why = f"`{'`, `'.join(table.drop)}` cannot help at the time of prediction." if table.drop else ""
        self._say("## Preparation", f"Numbers are imputed and scaled, words are encoded, inside the pipeline. {why}")
        self._code(
            f"df = df.dropna(subset=['{table.target}'])",
            f"X = df.drop(columns={dropped!r})",
            f"y = df['{table.target}']",
            "numbers = X.select_dtypes('number').columns.tolist()",
            "words = [c for c in X.columns if c not in numbers]",
            "prepare = make_column_transformer(",
            "    (make_pipeline(SimpleImputer(strategy='median'), StandardScaler()), numbers),",
            "    (make_pipeline(SimpleImputer(strategy='most_frequent'), OneHotEncoder(handle_unknown='ignore')),",
            "     words),",
            ")",
        )
        if not self._split:
            return
        if table.ordered:
            self._say("The last fifth of the series is kept for the test; nothing before looks at it.")
            self._code(
                "cut = int(len(X) * 0.8)", "X_train, X_test = X[:cut], X[cut:]", "y_train, y_test = y[:cut], y[cut:]"
            )
        else:
            stratify = ", stratify=y" if table.kind == "classification" else ""
            self._say("A fifth is kept for the test; nothing before looks at it.")
            self._code(
                "X_train, X_test, y_train, y_test = train_test_split(",
                f"    X, y, test_size=0.2, random_state={self._seed}{stratify}",
                ")",
            )

    def _train(self) -> None:
        rows = "X_train, y_train" if self._split else "X, y"
        self._say("## Training", "Two models are compared, and the better one is tuned.")
        made = []
        for name in self._models:
            _, arguments, _, _ = MODELS[self._table.kind][name]
            made.append(f"    '{name}': {name}({arguments.format(seed=self._seed)}),")
        if self._split:
            self._code(
                "models = {",
                *made,
                "}",
                "for name, model in models.items():",
                f"    scores = cross_val_score(make_pipeline(prepare, model), {rows}, cv={self._folds})",
                "    print(name, scores.mean().round(3), scores.std().round(3))",
            )
            best = self._models[0]
            _, _, grid, values = MODELS[self._table.kind][best]
            self._code(
                f"search = GridSearchCV(make_pipeline(prepare, models['{best}']),",
                f"                      {{'{best.lower()}__{grid}': {values}}}, cv={self._folds})",
                f"search.fit({rows})",
                "print(search.best_params_, search.best_score_)",
                "model = search.best_estimator_",
            )
            return
        self._code(
            "models = {",
            *made,
            "}",
            "for name, candidate in models.items():",
            f"    fitted = make_pipeline(prepare, candidate).fit({rows})",
            f"    print(name, fitted.score({rows}))",
        )
        self._code(f"model = make_pipeline(prepare, models['{self._models[0]}']).fit({rows})")

    def _evaluate(self) -> None:
        rows, truth = ("X_test", "y_test") if self._split else ("X", "y")
        self._say("## Evaluation", "How good the model is, and where it is wrong.")
        self._code(f"predicted = model.predict({rows})")
        if self._table.kind == "classification":
            self._code(f"print(classification_report({truth}, predicted))")
            self._code(f"confusion_matrix({truth}, predicted)")
        else:
            self._code(
                f"print('MAE', mean_absolute_error({truth}, predicted))",
                f"print('R2', r2_score({truth}, predicted))",
                f"print('MAE of the mean', mean_absolute_error({truth}, [y.mean()] * len({truth})))",
            )

    def _use(self) -> None:
        rows = "X_test" if self._split else "X"
        self._say("## Use", "The model answers for some rows, as it would for new ones.")
        self._code(f"sample = {rows}.tail(5).copy()", "sample['predicted'] = model.predict(sample)", "sample")

    def _score(self) -> str:
        if self._table.kind == "classification":
            return "classification_report, confusion_matrix"
        return "mean_absolute_error, r2_score"

    def _say(self, *lines: str) -> None:
        self._add("markdown", "\n\n".join(lines))

    def _code(self, *lines: str) -> None:
        self._add("code", "\n".join(lines))

    def _add(self, kind: str, source: str) -> None:
        cell: dict[str, object] = {"cell_type": kind, "id": f"c{len(self._cells)}", "metadata": {}, "source": source}
        if kind == "code":
            cell |= {"outputs": [], "execution_count": None}
        self._cells.append(cell)


if __name__ == "__main__":
    main()
