"""Writes the data files of the packaged sample suite, or checks that what is shipped is what it writes.

python scripts/sample_suite.py            write them all
python scripts/sample_suite.py --check    exit 1 when a file holds other values

Half of the files come from data sets that scikit-learn and statsmodels ship, the others are made up by
`sample_tables.py` and `sample_series.py`. `nbalign/suite/packaged/tabular/README.md` says where each comes from and
under which terms.
"""

from __future__ import annotations

import csv
import io
import math
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from sample_series import SERIES
from sample_tables import TABLES, Cell, Table

FOLDER = Path(__file__).resolve().parent.parent / "nbalign" / "suite" / "packaged" / "tabular" / "data"


def _sklearn(name: str, **options: Any) -> Any:
    import sklearn.datasets

    return getattr(sklearn.datasets, f"load_{name}")(**options)


def _statsmodels(name: str) -> Any:
    import importlib

    return importlib.import_module(f"statsmodels.datasets.{name}").load_pandas().data


def _columns(frame: Any, names: dict[str, str]) -> Table:
    """Columns of a data frame under plain names, in the order given; what is not a number is empty."""
    rows = [[_cell(value) for value in row] for row in frame[list(names)].itertuples(index=False)]
    return list(names.values()), rows


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value
    number = float(value)
    if math.isnan(number):
        return None
    return int(number) if number.is_integer() else round(number, 5)


def iris() -> Table:
    """The 150 flowers, species by name."""
    found = _sklearn("iris")
    rows = [[*map(_cell, row), str(found.target_names[k])] for row, k in zip(found.data, found.target, strict=True)]
    return ["sepal_length", "sepal_width", "petal_length", "petal_width", "species"], rows


def wine() -> Table:
    """178 wines of three cultivars."""
    found = _sklearn("wine")
    names = [name.replace("/", "_") for name in found.feature_names]
    rows = [[*map(_cell, row), f"cultivar {k + 1}"] for row, k in zip(found.data, found.target, strict=True)]
    return [*names, "cultivar"], rows


def tumours() -> Table:
    """569 tumours: means and largest values of ten measures; diagnosis by name."""
    found = _sklearn("breast_cancer")
    keep = [n for n, name in enumerate(found.feature_names) if "error" not in name]
    rows = [
        [*(_cell(row[n]) for n in keep), str(found.target_names[k])]
        for row, k in zip(found.data, found.target, strict=True)
    ]
    return [*(str(found.feature_names[n]).replace(" ", "_") for n in keep), "diagnosis"], rows


def digits() -> Table:
    """600 of the 1,797 images of eight by eight pixels, drawn with a seed."""
    found = _sklearn("digits")
    drawn = sorted(Random(1).sample(range(len(found.data)), 600))
    rows: list[list[Cell]] = [[*map(_cell, found.data[n]), int(found.target[n])] for n in drawn]
    return [*(f"p{row}{column}" for row in range(8) for column in range(8)), "digit"], rows


def diabetes() -> Table:
    """442 patients, as measured."""
    found = _sklearn("diabetes", scaled=False)
    rows = [[*map(_cell, row), _cell(value)] for row, value in zip(found.data, found.target, strict=True)]
    return [*map(str, found.feature_names), "progression"], rows


def co2() -> Table:
    """Weekly carbon dioxide at Mauna Loa; 59 weeks are missing."""
    frame = _statsmodels("co2")
    return ["date", "co2_ppm"], [[day.date().isoformat(), _cell(v)] for day, v in frame["co2"].items()]


def sunspots() -> Table:
    """Yearly sunspot numbers from 1700."""
    return _columns(_statsmodels("sunspots"), {"YEAR": "year", "SUNACTIVITY": "sunspots"})


def macro() -> Table:
    """Quarterly figures of the United States from 1959."""
    names = ("year", "quarter", "realgdp", "realcons", "realinv", "cpi", "m1", "tbilrate", "unemp", "infl")
    return _columns(_statsmodels("macrodata"), {name: name for name in names})


def elnino() -> Table:
    """Sea temperatures: a row a year, a column a month."""
    frame = _statsmodels("elnino")
    return _columns(frame, {str(name): str(name).capitalize() for name in frame.columns})


def investment() -> Table:
    """Eleven firms over twenty years."""
    names = ("firm", "year", "invest", "value", "capital")
    return _columns(_statsmodels("grunfeld"), {name: name for name in names})


def food() -> Table:
    """Income of 235 households, and what they spent on food."""
    return _columns(_statsmodels("engel"), {"income": "income", "foodexp": "food"})


def travel() -> Table:
    """210 travellers with four ways to travel each, a row for each way, and which they chose."""
    ways = {1: "air", 2: "train", 3: "bus", 4: "car"}
    names = ("individual", "mode", "ttme", "invc", "invt", "gc", "hinc", "psize", "choice")
    header = ["traveller", "mode", "wait_min", "cost", "travel_min", "general_cost", "income", "party", "chosen"]
    _, rows = _columns(_statsmodels("modechoice"), {name: name for name in names})
    for row in rows:
        row[1] = ways[int(str(row[1]))]
    return header, rows


LIBRARIES: dict[str, Callable[[], Table]] = {
    "co2": co2,
    "diabetes": diabetes,
    "digits": digits,
    "elnino": elnino,
    "food": food,
    "investment": investment,
    "iris": iris,
    "macro": macro,
    "sunspots": sunspots,
    "travel": travel,
    "tumours": tumours,
    "wine": wine,
}


def written(table: Table) -> str:
    """A table as CSV: UTF-8, `\\n` as newline, an empty cell where a value is missing."""
    header, rows = table
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def same(left: str, right: str) -> bool:
    """Whether two CSV texts hold the same values; numbers may differ by a millionth, as versions of libraries do."""
    one, other = (list(csv.reader(io.StringIO(text))) for text in (left, right))
    if [len(row) for row in one] != [len(row) for row in other]:
        return False
    return all(_alike(a, b) for x, y in zip(one, other, strict=True) for a, b in zip(x, y, strict=True))


def _alike(left: str, right: str) -> bool:
    if left == right:
        return True
    try:
        return math.isclose(float(left), float(right), rel_tol=1e-6, abs_tol=1e-9)
    except ValueError:
        return False


def main(args: list[str]) -> int:
    """Writes the files, or compares them.

    Args:
        args: Nothing, or `--check`.

    Returns:
        The exit code.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    other = []
    for name, make in sorted({**LIBRARIES, **TABLES, **SERIES}.items()):
        text, path = written(make()), FOLDER / f"{name}.csv"
        if args != ["--check"]:
            path.write_text(text, encoding="utf-8", newline="\n")
        elif not path.is_file() or not same(path.read_text(encoding="utf-8"), text):
            other.append(path.name)
    if other:
        print(f"other values: {', '.join(other)}; write them again with: python {Path(__file__).name}", file=sys.stderr)
    return 1 if other else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
