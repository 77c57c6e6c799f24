"""Label files: nothing is lost on the way out and back, and a wrong file changes nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nbalign.errors import BadInput, NbalignError, NotFound, UsageError
from nbalign.labels.events import LabelStore
from nbalign.labels.exchange import ImportedLabels, export_file, export_text, import_file, import_text
from nbalign.labels.model import Label, Role
from nbalign.labels.refusal import refusal
from nbalign.rubrics.model import Rubric
from nbalign.store.database import Store
from nbalign.store.notebooks import NotebookStore
from nbalign.store.rubrics import RubricStore
from tests.labels.conftest import Desk
from tests.store.made import filled, notebook, rubric

OTHER = rubric("other")


def rubric_for(ref: str | None) -> Rubric:
    known = {None: rubric(), "ml": rubric(), "other": OTHER}
    if ref not in known:
        raise NotFound(f"there is no rubric {ref!r}")
    return known[ref]


def take(desk: Desk, *lines: object) -> ImportedLabels:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return import_text(desk.store, text, "jsonl", rubric_for)


def take_with(desk: Desk, find: Callable[[str | None], Rubric], *lines: object) -> ImportedLabels:
    return import_text(desk.store, "\n".join(map(json.dumps, lines)), "jsonl", find)


def line(**changed: object) -> dict[str, object]:
    return {"notebook": "a.ipynb", "dimension": "alpha", "rater": "r1", "score": 3, **changed}


def content(labels: list[Label]) -> list[tuple[object, ...]]:
    return [
        (x.notebook, x.rubric, x.dimension, x.rater, x.score, x.justification, x.cells, x.role, x.at) for x in labels
    ]


NASTY = [
    "",
    "=1+1",
    "+cmd|' /C calc'!A0",
    '"quoted", with; comma\tand tab',
    "line one\nline two\n",
    "Zeile\u2028Absatz\u2029Ende\x85",
    "naïve 漢字 🙂 👩‍👩‍👧 \ufeff",
    "  spaces  ",
    "'",
    "a\r\nb\rc",
    "null",
    "3",
]


@settings(max_examples=40, deadline=None)
@given(words=st.lists(st.text(max_size=60), min_size=1, max_size=6), format=st.sampled_from(["jsonl", "csv"]))
@example(words=NASTY, format="jsonl")
@example(words=NASTY, format="csv")
def test_labels_come_back_word_for_word(words: list[str], format: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, hashes = filled(Path(folder) / "one.db")
        target, _ = filled(Path(folder) / "two.db")
        with source, target:
            labels = LabelStore(source)
            for n, text in enumerate(words):
                at = f"2025-01-01T00:00:{n:02}+00:00"
                role: Role = "decision" if n % 3 == 2 else "rater"
                given_rubric = OTHER if n % 2 else rubric()
                labels.set(
                    hashes[n % 2],
                    given_rubric,
                    "beta",
                    f"r{n}, =ü",
                    n % 4,
                    text,
                    range(1, n % 6),
                    role,
                    at=at,
                )
            text, count = export_text(source, format)
            assert count == len(words)
            done = import_text(target, text, format, rubric_for)
            assert done == ImportedLabels(count, 0, 0)
            assert content(LabelStore(target).current()) == content(labels.current())
            assert import_text(target, text, format, rubric_for) == ImportedLabels(0, count, 0)
            assert export_text(target, format) == (text, count)


def test_the_columns_are_these(desk: Desk) -> None:
    desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 3, "=1+1, “why”", (2, 4), at="2025-01-01T00:00:00Z")
    fields = json.loads(export_text(desk.store, "jsonl")[0])
    assert fields == {
        "notebook": "a.ipynb",
        "sha256": desk.a,
        "rubric": "ml",
        "dimension": "alpha",
        "rater": "r1",
        "score": 3,
        "justification": "=1+1, “why”",
        "cells": [2, 4],
        "role": "rater",
        "at": "2025-01-01T00:00:00+00:00",
    }
    (record,) = csv.DictReader(io.StringIO(export_text(desk.store, "csv")[0]))
    assert record == {name: str(value) for name, value in fields.items()} | {"cells": "2 4"}


def test_an_empty_workspace_exports_and_imports(desk: Desk) -> None:
    for format in ("jsonl", "csv"):
        text, count = export_text(desk.store, format)
        assert count == 0
        assert import_text(desk.store, text, format, rubric_for) == ImportedLabels(0, 0, 0)


def test_short_lines_are_enough(desk: Desk) -> None:
    assert take(desk, line(), "", "   ", line(rater="r2", justification=None, cells=None)) == ImportedLabels(2, 0, 0)
    first = desk.labels.current()[0]
    assert (first.rubric, first.role, first.justification, first.cells) == ("ml", "rater", "", ())
    assert desk.labels.history()[0].source == "import"


def test_a_score_that_differs_is_a_new_event_and_can_be_undone(desk: Desk) -> None:
    desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 1)
    assert take(desk, line(), line(rater="r2")) == ImportedLabels(2, 0, 0)
    desk.labels.undo("r1")
    assert [(x.rater, x.score) for x in desk.labels.current()] == [("r1", 1), ("r2", 3)]


def test_consensus_lines(desk: Desk) -> None:
    agreed = {"notebook": "a.ipynb", "dimension": "beta", "score": 3, "how": "agreed"}
    ruled = {"notebook": "a.ipynb", "dimension": "alpha", "score": 0, "how": "adjudicated", "reason": "Not asked for."}
    assert take(desk, agreed, ruled) == ImportedLabels(1, 0, 1)
    (decision,) = desk.labels.current()
    assert (decision.role, decision.rater, decision.score) == ("decision", "adjudicator", 0)
    assert decision.justification == "Not asked for."


def test_the_graded_samples_can_be_imported(tmp_path: Path) -> None:
    samples = Path(__file__).parents[2] / "sample_notebooks"
    dimensions = {json.loads(x)["dimension"] for x in (samples / "consensus.jsonl").read_text().splitlines()}
    base = rubric()
    wide = Rubric(
        base.id,
        1,
        base.title,
        base.scale,
        tuple(type(base.dimensions[0])(name, name, "?", {}) for name in sorted(dimensions)),
        base.sha256,
        base.text,
    )
    with Store.create(tmp_path / "nbalign.db") as store:
        for path in sorted((samples / "notebooks").glob("*.ipynb")):
            raw = path.read_bytes()
            NotebookStore(store).add(raw, notebook(path.name, raw, len(json.loads(raw)["cells"])), None)
        assert import_file(store, samples / "labels.jsonl", lambda _: wide) == ImportedLabels(936, 0, 0)
        assert import_file(store, samples / "consensus.jsonl", lambda _: wide) == ImportedLabels(10, 0, 458)


def test_a_hash_must_be_here_and_a_name_must_be_unique(desk: Desk) -> None:
    NotebookStore(desk.store).add(b"2", notebook("a.ipynb", b"2"), None)
    with pytest.raises(BadInput, match=r"line 1: 2 notebooks are called 'a.ipynb'.*\n.*line 2: no notebook"):
        take(desk, line(), line(sha256="0" * 64))
    assert take(desk, line(sha256=desk.a.upper()), line(notebook="renamed.ipynb", sha256=desk.b)).added == 2
    assert [x.notebook for x in desk.labels.current()] == [desk.a, desk.b]


WRONG: list[tuple[object, str]] = [
    ("{", "not JSON"),
    ("[1]", "not a JSON object"),
    ("3", "not a JSON object"),
    ("[" * 100_000, "nested too deeply"),
    ('{"score": ' + "9" * 5000 + "}", "digit"),
    ('{"notebook": "a.ipynb", "dimension": "alpha", "rater": "r1", "score": NaN}', "whole number"),
    (line(score="3"), "whole number"),
    (line(score=True), "whole number"),
    (line(score=2.5), "whole number"),
    (line(score=None), "has no score"),
    (line(score=7), "7 is not on the scale"),
    (line(dimension="delta"), "no dimension 'delta'"),
    (line(dimension=""), "names no dimension"),
    (line(dimension=["alpha"]), "dimension must be text"),
    (line(notebook="c.ipynb"), "no notebook 'c.ipynb'"),
    (line(notebook=""), "names no notebook"),
    (line(rater=""), "names no rater"),
    (line(rater="\x1b[31mred"), "control"),
    ({**line(), "notebook": "\ud800"}, "no notebook"),
    (line(rubric="none"), "no rubric 'none'"),
    (line(role="boss"), "no role"),
    (line(at="soon"), "ISO 8601"),
    (line(cells="3"), "list of cell numbers"),
    (line(cells=[1.0]), "list of cell numbers"),
    (line(cells=[9]), "no cell 9"),
    (line(justification="x" * 10_001), "10,000"),
    (line(justifcation="typo"), "unknown field 'justifcation'"),
    (line(**{"\x1b]0;pwned\x07": 1}), "unknown field"),
    (line(how="guessed"), "consensus"),
    (line(reason="but nobody adjudicated"), "reason"),
]


@pytest.mark.parametrize(("wrong", "word"), WRONG)
def test_a_wrong_line_is_named_and_nothing_is_imported(desk: Desk, wrong: object, word: str) -> None:
    with pytest.raises(BadInput) as caught:
        take(desk, line(), wrong, line(rater="r2"))
    assert "line 2: " in caught.value.message
    assert word in caught.value.message
    assert len(re.findall(r"^  line \d+: ", caught.value.message, re.MULTILINE)) == 1
    assert len(caught.value.message) < 600
    assert not set(caught.value.message) & {"\x1b", "\x07"}
    assert desk.labels.history() == []


def test_all_problems_are_reported_together_and_the_list_is_bounded(desk: Desk) -> None:
    with pytest.raises(BadInput) as caught:
        take(desk, *[line(score=9 + n) for n in range(50)])
    lines = caught.value.message.splitlines()
    assert len(lines) == 22
    assert lines[1].strip().startswith("line 1:")
    assert lines[-1].strip() == "and 30 more"


def test_one_cause_is_told_once_with_the_first_lines_that_it_spoils(desk: Desk) -> None:
    with pytest.raises(BadInput) as caught:
        take(desk, line(), *[line(score=9)] * 50, line(dimension="delta"), "", line(dimension="delta"))
    assert [text.strip() for text in caught.value.message.splitlines()[1:]] == [
        "lines 2, 3, 4, 5, 6 and 45 more: 9 is not on the scale of ml",
        "lines 52, 54: rubric ml has no dimension 'delta'",
    ]
    assert caught.value.hint == "Correct them and import it again."


@given(st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from([f"cause {n}" for n in range(30)])), max_size=200))
def test_every_wrong_line_is_counted(problems: list[tuple[int, str]]) -> None:
    told = refusal(problems)
    assert len(told) <= 21
    counted = 0
    for text in told:
        head = text.partition(":")[0]
        more = re.search(r"and ([\d,]+) more$", head)
        counted += int(more.group(1).replace(",", "")) if more else 0
        counted += len(re.findall(r"\d+", head.partition(" and ")[0])) if head.startswith("line") else 0
    assert counted == len(problems)
    assert bool(told) == bool(problems)


def other_rubric(desk: Desk, id: str, *dimensions: str) -> Rubric:
    """A rubric with dimensions of its own, kept in the store."""
    base = rubric(id)
    made = replace(base, dimensions=tuple(replace(base.dimensions[0], id=each) for each in dimensions))
    RubricStore(desk.store).add(made)
    return made


def test_a_dimension_of_another_rubric_says_which(desk: Desk) -> None:
    known = {None: desk.rubric, "essays": other_rubric(desk, "essays", "ideas", "order")}

    def find(ref: str | None) -> Rubric:
        return known[ref]

    lines = [line(dimension="ideas"), line(dimension="ideas", rater="r2"), line(dimension="delta")]
    for format, named in (("jsonl", '"rubric": "essays"'), ("csv", "in a column `rubric`")):
        columns = ["notebook,dimension,rater,score"]
        columns += [f"{x['notebook']},{x['dimension']},{x['rater']},{x['score']}" for x in lines]
        text = "\n".join(columns) if format == "csv" else "\n".join(map(json.dumps, lines))
        with pytest.raises(BadInput) as caught:
            import_text(desk.store, text, format, find)
        assert "rubric ml has no dimension 'ideas', but rubric essays has it" in caught.value.message
        assert caught.value.message.endswith("rubric ml has no dimension 'delta'")
        assert named in caught.value.hint
        assert caught.value.hint.endswith("use --rubric essays.")
    assert take_with(desk, find, line(dimension="ideas", rubric="essays")) == ImportedLabels(1, 0, 0)


def test_a_dimension_of_several_other_rubrics_is_no_hint(desk: Desk) -> None:
    known: dict[str | None, Rubric] = {None: desk.rubric}
    known |= {each: other_rubric(desk, each, "ideas") for each in ("essays", "letters")}
    with pytest.raises(BadInput, match=r"no dimension 'ideas'\n") as caught:
        take_with(desk, lambda ref: known[ref], line(dimension="ideas"))
    assert "--rubric" not in caught.value.hint
    with pytest.raises(BadInput, match=r"no dimension 'order'\n") as caught:
        take_with(desk, lambda ref: known[ref], line(dimension="order", rubric="essays"))
    assert "--rubric" not in caught.value.hint


def test_lines_that_contradict_each_other_are_wrong_and_repeats_are_not(desk: Desk) -> None:
    with pytest.raises(BadInput, match="line 3: contradicts line 1"):
        take(desk, line(), line(), line(score=2))
    assert take(desk, line(), line()) == ImportedLabels(1, 1, 0)


def test_csv_from_spreadsheets(desk: Desk) -> None:
    rows = [
        "Notebook;Dimension;Rater;Score;Cells;Justification",
        'a.ipynb;alpha;r1;3.0;"1,3-4";"two\nlines"',
        ";;;;;",
        "b.ipynb;beta;r2;0;;",
    ]
    done = import_text(desk.store, "\r\n".join(rows) + "\r\n", "csv", rubric_for)
    assert done == ImportedLabels(2, 0, 0)
    assert [(x.score, x.cells, x.justification) for x in desk.labels.current()] == [
        (3, (1, 3, 4), "two\nlines"),
        (0, (), ""),
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a.ipynb,alpha,r1,3\n", "line 1: the header"),
        ("notebook,notebook,score\n", "line 1: the header names a column twice"),
        ("notebook,dimension,rater,score\na.ipynb,alpha,r1\n", "line 2: has 3 fields"),
        ("notebook,dimension,rater,score\na.ipynb,alpha,r1,three\n", "line 2: score must be a whole number"),
        ("notebook,dimension,rater,score\na.ipynb,alpha,r1,\n", "line 2: has no score"),
        ("notebook,dimension,rater,score,cells\na.ipynb,alpha,r1,3,all\n", "line 2: 'all' is no list of cells"),
        ('notebook,dimension,rater,score\n"a\n.ipynb",alpha,r1,3\na.ipynb,alpha,r1,9\n', "line 4: 9 is not on"),
        ('notebook,dimension,rater,score\n"a.ipynb,alpha,r1,3\n', "line 2: is not CSV"),
        ("notebook,dimension,rater,score\n" + "x" * 200_000 + ",alpha,r1,3\n", "line 2: is not CSV"),
        ("notebook,dimension,rater,score,mood\na.ipynb,alpha,r1,3,good\n", "line 2: unknown field 'mood'"),
    ],
)
def test_wrong_csv_is_named_and_nothing_is_imported(desk: Desk, text: str, word: str) -> None:
    with pytest.raises(BadInput) as caught:
        import_text(desk.store, text, "csv", rubric_for)
    assert word in caught.value.message
    assert desk.labels.history() == []


@given(st.text(max_size=300), st.sampled_from(["jsonl", "csv"]))
@settings(max_examples=100, deadline=None)
def test_any_text_is_imported_or_refused(text: str, format: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store, _ = filled(Path(folder) / "nbalign.db", names=())
        with store:
            try:
                done = import_text(store, text, format, rubric_for)
            except BadInput as error:
                assert "nothing was imported" in error.message
            else:
                assert done.added == 0


def test_files_go_out_and_in_by_their_suffix(desk: Desk, tmp_path: Path) -> None:
    desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 3, "ü")
    for name in ("labels.jsonl", "labels.csv", "LABELS.CSV"):
        path = tmp_path / name
        path.write_text("the old file")
        assert export_file(desk.store, path) == 1
        assert (
            path.read_text(encoding="utf-8") == export_text(desk.store, "csv" if "sv" in name.lower() else "jsonl")[0]
        )
        assert import_file(desk.store, path, rubric_for) == ImportedLabels(0, 1, 0)
    assert sorted(p.name for p in tmp_path.iterdir() if "tmp" in p.name) == []
    for path, format in ((tmp_path / "labels.txt", None), (tmp_path / "labels.csv", "xlsx")):
        with pytest.raises(UsageError, match="format"):
            export_file(desk.store, path, format)
    assert export_file(desk.store, tmp_path / "labels.txt", "csv") == 1


def test_a_file_that_cannot_be_written_or_read_is_named(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NbalignError, match="cannot write"):
        export_file(desk.store, tmp_path / "none" / "x.csv")
    with pytest.raises(NbalignError, match="cannot write"):
        (tmp_path / "folder.csv").mkdir()
        export_file(desk.store, tmp_path / "folder.csv")
    with pytest.raises(BadInput, match=r"cannot read none\.csv"):
        import_file(desk.store, tmp_path / "none.csv", rubric_for)
    (tmp_path / "latin.csv").write_bytes("notebook,é".encode("latin-1"))
    with pytest.raises(BadInput, match=r"latin.csv is not UTF-8 \(byte 9\)"):
        import_file(desk.store, tmp_path / "latin.csv", rubric_for)


def test_a_byte_order_mark_is_no_part_of_the_first_column(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xef\xbb\xbfnotebook,dimension,rater,score\na.ipynb,alpha,r1,3\n")
    assert import_file(desk.store, path, rubric_for).added == 1


def test_a_link_keeps_pointing_at_the_exported_file(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "real.csv").touch()
    (tmp_path / "link.csv").symlink_to("real.csv")
    export_file(desk.store, tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text().startswith("notebook,")
