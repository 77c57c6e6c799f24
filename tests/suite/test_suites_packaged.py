from __future__ import annotations

import csv
import importlib.util
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from nbalign.errors import BadInput, NotFound
from nbalign.rubrics.packaged import packaged
from nbalign.suite.making import make_suite
from nbalign.suite.model import Suite
from nbalign.suite.packaged import packaged_suites
from nbalign.suite.reading import read_suite
from nbalign.suite.schema import describe

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tabular() -> Suite:
    return read_suite("tabular")


def test_every_packaged_suite_is_a_suite_under_its_name() -> None:
    assert packaged_suites()
    for name, path in packaged_suites().items():
        suite = read_suite(path)
        assert suite.id == name
        assert suite.rubric in {rubric.id for rubric in packaged()}


def test_the_sample_suite_has_many_kinds_of_cases(tabular: Suite) -> None:
    assert len(tabular.cases) >= 20
    kinds = Counter(case.kind for case in tabular.cases)
    assert min(kinds[kind] for kind in ("classification", "regression", "forecasting")) >= 5
    assert {case.size for case in tabular.cases} == {"small", "medium"}
    tags = {tag for case in tabular.cases for tag in case.tags}
    assert tags >= {"missing", "imbalanced", "leak", "text-columns", "dates", "panel", "grouped", "mlflow", "new-rows"}


def test_prompts_are_short_and_name_their_files(tabular: Suite) -> None:
    for case in tabular.cases:
        assert 1 <= len(re.findall(r"[.?!](?= |$)", case.prompt)) <= 4, case.id
        for file in case.data:
            assert file.name in case.prompt, case.id
        assert set(re.findall(r"\w+\.csv", case.prompt)) == {file.name for file in case.data}


def test_the_data_are_small(tabular: Suite) -> None:
    files = {file.path: file.bytes for case in tabular.cases for file in case.data}
    assert max(files.values()) < 100_000
    assert sum(files.values()) < 1_000_000
    folder = tabular.path.parent / "data"
    assert {path.resolve() for path in folder.iterdir()} == {path.resolve() for path in files}
    readme = (tabular.path.parent / "README.md").read_text(encoding="utf-8")
    assert all(f"`{path.name}`" in readme for path in files)


def test_not_applicable_is_true_of_the_data_and_of_the_prompts(tabular: Suite) -> None:
    for case in tabular.cases:
        missing = False
        for file in case.data:
            with file.path.open(encoding="utf-8", newline="") as opened:
                missing = missing or any(cell in ("", "-1") for row in csv.reader(opened) for cell in row)
        absent = case.id == "power-day-ahead"  # its missing hours are rows that are not there
        assert ("data_imputation" in case.not_applicable) == (not missing and not absent), case.id
        refused = bool(
            re.search(r"\bno\b[^.]*(tracking|mlflow)|do not set up any tracking", case.prompt, re.IGNORECASE)
        )
        assert ("mlflow_logging" in case.not_applicable) == refused, case.id
        assert ("mlflow" in case.tags) == ("MLflow" in case.prompt and not refused), case.id
        assert not case.not_applicable & {"library_installation", "cell_organization"}, "the rubric says never"


def test_every_file_can_be_described(tabular: Suite) -> None:
    for case in tabular.cases:
        for file in case.data:
            told = describe(file)
            assert re.match(rf"{file.name}: [\d,]+ rows, \d+ columns\n", told)
            assert len(told) < 2_000


def test_what_is_shipped_is_what_the_script_writes() -> None:
    for library in ("sklearn", "statsmodels"):
        if importlib.util.find_spec(library) is None:
            pytest.skip(f"{library} is not installed")
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "sample_suite.py"), "--check"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_new_suite_passes_its_check_and_says_what_its_data_say(tmp_path: Path) -> None:
    suite = read_suite(make_suite(tmp_path / "My first suite"))
    assert suite.id == "my-first-suite"
    (case,) = suite.cases
    assert (case.kind, case.size) == ("regression", "small")
    assert describe(case.data[0]).startswith("plants.csv: 48 rows, 4 columns")
    assert "missing" not in describe(case.data[0])
    assert read_suite(make_suite(tmp_path / "2024")).id == "my-suite"


def test_a_copy_has_everything_under_a_name_of_its_own(tmp_path: Path, tabular: Suite) -> None:
    copy = read_suite(make_suite(tmp_path / "mine", "tabular"))
    assert copy.id == "mine"
    assert [case.prompt for case in copy.cases] == [case.prompt for case in tabular.cases]
    assert [f.sha256 for case in copy.cases for f in case.data] == [f.sha256 for c in tabular.cases for f in c.data]
    assert copy.sha256 != tabular.sha256
    assert (tmp_path / "mine" / "README.md").is_file()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    made = make_suite(tmp_path / "mine")
    made.write_text("edited")
    with pytest.raises(BadInput, match=r"holds suite\.yaml already"):
        make_suite(tmp_path / "mine")
    assert made.read_text() == "edited"
    (tmp_path / "other" / "data").mkdir(parents=True)
    (tmp_path / "other" / "data" / "plants.csv").write_text("mine")
    with pytest.raises(BadInput, match=r"holds data/plants\.csv already"):
        make_suite(tmp_path / "other")
    assert not (tmp_path / "other" / "suite.yaml").exists()


def test_a_suite_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no packaged suite 'nothing'") as caught:
        make_suite(tmp_path / "mine", "nothing")
    assert "tabular" in caught.value.hint
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "inside", tmp_path / "a\0b"):
        with pytest.raises(BadInput, match="cannot be written"):
            make_suite(folder)
