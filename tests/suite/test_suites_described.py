from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nbalign.suite import schema
from nbalign.suite.model import DataFile
from nbalign.suite.schema import describe


def data_file(path: Path, data: bytes | str) -> DataFile:
    raw = data.encode() if isinstance(data, str) else data
    path.write_bytes(raw)
    return DataFile(path.name, path, len(raw), "")


def lines(tmp_path: Path, data: bytes | str, name: str = "a.csv", rows: int = 5, limit: int = 4000) -> list[str]:
    return describe(data_file(tmp_path / name, data), rows, limit).split("\n")


def test_a_table_is_described(tmp_path: Path) -> None:
    text = "id,when,price,size,note,gone\n1,2024-01-31,1.5,10,yes,\n2,2024-02-01 10:30,NA,9,no,\n3,,2,10,yes,nan\n"
    assert lines(tmp_path, text, rows=2) == [
        "a.csv: 3 rows, 6 columns",
        "- id: int (1, 2, 3)",
        "- when: date, 1 missing",
        "- price: float, 1 missing",
        "- size: int (9, 10)",
        "- note: text (no, yes)",
        "- gone: empty",
        "first 2 rows:",
        "id,when,price,size,note,gone",
        "1,2024-01-31,1.5,10,yes,",
        "2,2024-02-01 10:30,NA,9,no,",
    ]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "-2", "+3"], "int"),
        (["1", "2.5"], "float"),
        (["1e5", ".5", "3."], "float"),
        (["1", "x"], "text"),
        (["2024-01-01", "2024-12-31T10:00:00Z"], "date"),
        (["31.12.2024", "1/2/2024 9:05"], "date"),
        (["2024-01-01", "5"], "text"),
        (["1_000", "2"], "text"),
        (["\u0661", "\u0662"], "text"),  # digits, but not those a CSV reader takes
        (["", "NA"], "empty"),
        (["9" * 65], "text"),
    ],
)
def test_the_kind_of_a_column(tmp_path: Path, cells: list[str], kind: str) -> None:
    text = "x,y\n" + "".join(f"{cell},0\n" for cell in cells)
    told = lines(tmp_path, text)[1].removeprefix("- x: ")
    assert told.split(" (")[0].split(",")[0] == kind


def test_many_values_are_not_listed(tmp_path: Path) -> None:
    assert lines(tmp_path, "x\n" + "".join(f"v{n}\n" for n in range(7)))[1] == "- x: text"


def test_other_delimiters_and_windows_files(tmp_path: Path) -> None:
    assert lines(tmp_path, "a;b\r\n1,5;2\r\n")[:3] == ["a.csv: 1 row, 2 columns", "- a: text (1,5)", "- b: int (2)"]
    assert lines(tmp_path, b"\xef\xbb\xbfa\tb\n1\t2\n", "a.tsv")[1] == "- a: int (1)"
    assert lines(tmp_path, "a,b\r1,2\r3,4\r")[0] == "a.csv: 2 rows, 2 columns"


def test_a_wide_table_is_told_in_runs_and_its_last_column_alone(tmp_path: Path) -> None:
    header = [*(f"p{n}" for n in range(30)), "name", "target"]
    text = ",".join(header) + "\n" + ",".join(["1"] * 30 + ["ann", "0"]) + "\n"
    assert lines(tmp_path, text)[:4] == [
        "a.csv: 1 row, 32 columns",
        "- p0 to p29 (30 columns): int",
        "- name: text (ann)",
        "- target: int (0)",
    ]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "a.csv: empty"),
        (b"a,b\n", "a.csv: 0 rows, 2 columns\n- a: empty\n- b: empty"),
        (b"\x89PNG\0\0", "a.csv: 6 bytes, not text"),
        (b"a,b\n1,2,3\n4\n", "2 rows with more or fewer cells than the header"),
        (b"a,\xff\n1,2\n", "not all of it is UTF-8"),
        (b'a,b\n1,"' + b"x" * 200_000, "broken after line 2: field larger than field limit"),
        (b",\n1,2\n", "- (no name): int (1)"),
        (b"\n\n\n", "a.csv: 0 rows, 0 columns"),
    ],
)
def test_a_broken_file_is_described_as_it_is(tmp_path: Path, data: bytes, what: str) -> None:
    assert what in "\n".join(lines(tmp_path, data))


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    assert describe(DataFile("a.csv", tmp_path / "a.csv", 1, "")) == "a.csv: cannot be read: No such file or directory"


def test_what_is_no_table_shows_its_first_lines(tmp_path: Path) -> None:
    assert lines(tmp_path, '{"a": 1}\n{"a": 2}\n', "a.jsonl", rows=1) == ["a.jsonl: 18 bytes of text", '{"a": 1}']


def test_escapes_and_newlines_in_cells_reach_nobody(tmp_path: Path) -> None:
    text = 'a\x1b[31m,"b\nc"\n"\x1b]0;title\x07x","1\r\n2"\n\u202eevil,y\n'
    told = describe(data_file(tmp_path / "a.csv", text))
    assert not any(character in told for character in "\x1b\x07\r\u202e")
    assert "- b c: text (1 2, y)" in told.split("\n")


def test_long_cells_names_and_rows_are_cut(tmp_path: Path) -> None:
    told = lines(tmp_path, f"{'n' * 500},b\n{'c' * 500},{'d' * 500}\n")
    assert max(map(len, told)) < 200
    wide = lines(tmp_path, ",".join(["column"] * 500) + "\n" + ",".join(["1"] * 500) + "\n")
    assert max(map(len, wide)) <= 400


@pytest.mark.parametrize("limit", [200, 1000, 4000])
def test_the_whole_is_bounded_and_says_what_is_left_out(tmp_path: Path, limit: int) -> None:
    header = [f"{'long' * 9}{n}" for n in range(600)]
    kinds = [("1", "x", "2.5")[n % 3] for n in range(600)]
    text = ",".join(header) + "\n" + (",".join(kinds) + "\n") * 9
    told = "\n".join(lines(tmp_path, text, limit=limit))
    assert len(told) <= limit
    assert told.startswith("a.csv: 9 rows, 600 columns")
    assert "more lines" in told


def test_a_huge_file_is_counted_in_its_beginning_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_MOST_CELLS", 10)
    assert lines(tmp_path, "a,b\n" + "1,2\n" * 50)[0] == "a.csv: 5 rows, 2 columns (only its beginning was counted)"
    monkeypatch.setattr(schema, "_MOST_CELLS", 1000)
    monkeypatch.setattr(schema, "_MOST_BYTES", 21)
    assert "only its beginning was counted" in lines(tmp_path, "a,b\n" + "1,2\n" * 50)[0]


@settings(phases=(Phase.explicit, Phase.generate), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200) | st.text("a1,;\"'\n\r\t\x1b\u202e.-", max_size=120).map(str.encode),
    st.integers(0, 6),
    st.integers(200, 600),
)
def test_any_bytes_are_described_safely_within_the_limit(tmp_path: Path, data: bytes, rows: int, limit: int) -> None:
    file = data_file(tmp_path / "a.csv", data)
    told = describe(file, rows, limit)
    assert told.startswith("a.csv: ")
    assert len(told) <= limit
    assert all(character == "\n" or character.isprintable() for character in told)
    assert describe(file, rows, limit) == told
