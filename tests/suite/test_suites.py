from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nbalign.rubrics.packaged import packaged
from nbalign.suite.checking import MAX_BYTES, MAX_CASES, MAX_PROMPT, parse
from nbalign.suite.model import Suite
from nbalign.suite.problems import BadSuite

GOOD = """\
id: two-tasks
title: Two tasks
description: For tests.
rubric: ml-notebook
cases:
  - id: first-one
    prompt: Predict y from a.csv.
    data: [a.csv, sub/b.csv]
    kind: regression
    size: large
    tags: [new-rows, Two words]
    not_applicable: [data_imputation, model_use]
  - id: second
    prompt: |
      Predict again.

      Report how good it is.
    data: a.csv
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A suite's folder with two data files."""
    made = tmp_path_factory.mktemp("suite")
    (made / "a.csv").write_text("x,y\n1,2\n")
    (made / "sub").mkdir()
    (made / "sub" / "b.csv").write_text("x\n1\n")
    return made


def read(folder: Path, text: str) -> Suite:
    return parse(text, folder / "suite.yaml", "s.yaml", packaged())


def problems_of(folder: Path, text: str) -> list[tuple[int, str]]:
    with pytest.raises(BadSuite) as caught:
        read(folder, text)
    assert caught.value.exit_code == 3
    return [(problem.line, problem.what) for problem in caught.value.problems]


def test_a_suite_is_read_whole(folder: Path) -> None:
    suite = read(folder, GOOD)
    assert (suite.id, suite.title, suite.description, suite.rubric) == (
        "two-tasks",
        "Two tasks",
        "For tests.",
        "ml-notebook",
    )
    first, second = suite.cases
    assert first.id == "first-one"
    assert first.prompt == "Predict y from a.csv."
    assert [file.name for file in first.data] == ["a.csv", "b.csv"]
    assert first.data[0].path.read_text() == "x,y\n1,2\n"
    assert first.data[0].bytes == 8
    assert (first.kind, first.size, first.tags) == ("regression", "large", ("new-rows", "Two words"))
    assert first.not_applicable == {"data_imputation", "model_use"}
    assert second.prompt == "Predict again.\n\nReport how good it is."
    assert (second.kind, second.size, second.tags, second.not_applicable) == ("other", "small", (), frozenset())
    assert suite.case("second") is second


def test_a_case_needs_no_data(folder: Path) -> None:
    suite = read(folder, "id: s\ntitle: S\ncases: [{id: a, prompt: Explain bagging on data that you make up.}]")
    assert suite.cases[0].data == ()
    assert suite.cases[0].size == "small"
    assert (suite.rubric, suite.description) == ("", "")


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("title: Two tasks\n", "", 1, "the suite has no title"),
        ("title: Two", "titel: Two", 2, "unknown key 'titel' in the suite; did you mean 'title'?"),
        ("id: two-tasks", "id: Two Tasks", 1, "must be kebab-case (a-z, 0-9 and '-')"),
        ("id: two-tasks", "id: Two Tasks", 1, "such as 'two-tasks'"),
        ("rubric: ml-notebook", "rubric: ML notebook", 4, "rubric must be the id of a rubric"),
        ("description: For tests.", "description:", 3, "description of the suite is empty"),
        ("description: For tests.", f"description: {'x' * 8001}", 3, "over 8,000 characters"),
        ("  - id: second", "  - id: first-one", 13, "the id 'first-one' is taken by the case in line 6"),
        ("  - id: second", "  - id: ../second", 13, "must be kebab-case"),
        ("  - id: second", f"  - id: {'x' * 65}", 13, "at most 64 characters"),
        ("  - id: second", "  - nothing: 1\n    id: second", 13, "unknown key 'nothing' in case 2"),
        ("    prompt: Predict y from a.csv.\n", "", 6, "case 'first-one' has no prompt"),
        ("    prompt: Predict y", "    promt: Predict y", 7, "did you mean 'prompt'?"),
        ("prompt: Predict y from a.csv.", 'prompt: "  "', 7, "prompt of case 'first-one' is empty"),
        ("prompt: Predict y from a.csv.", "prompt: [a]", 7, "prompt of case 'first-one' must be text"),
        ("prompt: Predict y", f"prompt: {'x' * MAX_PROMPT}", 7, "prompt of case 'first-one' is over 8,000 characters"),
        ("kind: regression", "kind: regresion", 9, "kind of case 'first-one' must be classification, regression, "),
        ("size: large", "size: huge", 10, "must be small, medium or large, not 'huge'"),
        ("size: large", "size: {a: b}", 10, "size of case 'first-one' must be text"),
        ("tags: [new-rows, Two words]", "tags: {a: b}", 11, "tags of case 'first-one' must be a list of words"),
        ("tags: [new-rows, Two words]", "tags: [a, ~]", 11, "has an empty entry; an empty list is []"),
        ("tags: [new-rows, Two words]", f"tags: [{'x' * 41}]", 11, "one line of at most 40 characters"),
        ("tags: [new-rows, Two words]", f"tags: [{'a, ' * 20} b]", 11, "has 21 tags; at most 20"),
        ("data_imputation, model_use", "model_usage", 12, "has no dimension 'model_usage'; did you mean 'model_use'?"),
        ("[a.csv, sub/b.csv]", "[a.csv, c.csv]", 8, "case 'first-one': there is no file 'c.csv' in the suite's"),
        ("[a.csv, sub/b.csv]", "[sub/../../a.csv]", 8, "'sub/../../a.csv' lies outside the suite's folder"),
        ("[a.csv, sub/b.csv]", "[/etc/passwd]", 8, "is not a path relative to the suite's folder"),
        ("[a.csv, sub/b.csv]", "['sub\\b.csv']", 8, "with '/' between its parts"),
        ("[a.csv, sub/b.csv]", "['C:b.csv']", 8, "is not a path relative to the suite's folder"),
        ("[a.csv, sub/b.csv]", "[sub]", 8, "'sub' is not a file"),
        ("[a.csv, sub/b.csv]", "[a.csv, a.csv]", 8, "two data files of one name: 'a.csv' twice"),
        ("[a.csv, sub/b.csv]", f"[{'x' * 300}]", 8, "needs a name of at most 120 bytes"),
        ("[a.csv, sub/b.csv]", "[.hidden]", 8, "begins with no dot or dash"),
        ("[a.csv, sub/b.csv]", f"[{', '.join(f'f{n}' for n in range(51))}]", 8, "has 51 data files; at most 50"),
        ("    data: a.csv\n", "    data: *x\n", 18, "an alias"),
        ("    data: a.csv\n", "    data: &x a.csv\n", 18, "an anchor"),
        ("    data: a.csv\n", "    data: !!str a.csv\n", 18, "a tag"),
        ("    data: a.csv\n", "    data: a.csv\n---\nid: b\n", 19, "a file holds one suite"),
        ("    data: a.csv\n", "    data: [[[[[[a]]]]]]\n", 18, "nested more than 6 deep; a suite needs far less"),
        ("    data: a.csv\n", "    data: [a.csv\n", 19, "not valid YAML"),
        ("Two tasks", "Two\x1b[2J tasks", 2, "U+001B is not allowed"),
        ("Predict y", "Predict \u202e y", 7, "U+202E is not allowed"),
    ],
)
def test_a_problem_is_told_with_its_line(folder: Path, old: str, new: str, line: int, what: str) -> None:
    assert old in GOOD
    found = problems_of(folder, GOOD.replace(old, new, 1))
    assert any(where == line and what in words for where, words in found), found


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty; a suite has id, title and cases"),
        ("# nothing", "empty"),
        ("- a\n- b", "the suite must be made of 'key: value' lines"),
        ("id: a\ntitle: A", "the suite has no cases"),
        ("id: a\ntitle: A\ncases:", "cases must be a list"),
        ("id: a\ntitle: A\ncases: []", "0 cases; a suite has 1 to 10,000"),
        ("id: a\ntitle: A\ncases: [1]", "case 1 must be made of 'key: value' lines"),
        ("id: a\ntitle: A\ncases: [" + "1," * (MAX_CASES + 1) + "]", "10,001 cases; a suite has 1 to 10,000"),
        ("a" * (MAX_BYTES + 1), "longer than 8 MB, which no suite needs to be"),
        ("[" * 100_000, "nested more than 6 deep"),
    ],
    ids=["empty", "comment", "list", "no cases", "null", "none", "a number", "too many", "too long", "too deep"],
)
def test_a_text_that_is_no_suite(folder: Path, text: str, what: str) -> None:
    assert what in problems_of(folder, text)[0][1]


def test_all_problems_are_told_at_once(folder: Path) -> None:
    text = GOOD.replace("title:", "titel:").replace("kind: regression", "kind: odd").replace("id: second", "id: 2")
    assert {line for line, _ in problems_of(folder, text)} == {1, 2, 9, 13}


def test_dimensions_are_checked_only_where_the_rubric_is_known(folder: Path) -> None:
    text = GOOD.replace("rubric: ml-notebook", "rubric: of-our-own").replace("model_use", "anything_else")
    assert "anything_else" in read(folder, text).cases[0].not_applicable
    assert "is not the id of a dimension" in problems_of(folder, text.replace("anything_else", "Anything else"))[0][1]


def test_a_rubric_without_na_refuses_not_applicable(folder: Path) -> None:
    from nbalign.rubrics.parse import parse as parse_rubric

    rubric = parse_rubric(
        "id: plain\nversion: 1\ntitle: P\nnot_applicable: none\nscale: {1: Bad., 2: Good.}\n"
        "dimensions: [{id: model_use, title: T, question: Q, 1: a, 2: b}]"
    )
    text = "id: s\ntitle: S\nrubric: plain\ncases: [{id: a, prompt: P, not_applicable: model_use}]"
    with pytest.raises(BadSuite, match="the rubric 'plain' has no N/A on its scale"):
        parse(text, folder / "suite.yaml", "s.yaml", [rubric])


def test_windows_newlines_and_a_byte_order_mark_do_not_matter(folder: Path) -> None:
    assert read(folder, "\ufeff" + GOOD.replace("\n", "\r\n")) == read(folder, GOOD)


def test_the_hash_is_of_the_text_and_of_the_data(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n")
    text = "id: s\ntitle: S\ncases: [{id: a, prompt: P, data: a.csv}]"
    before = read(tmp_path, text).sha256
    assert read(tmp_path, text).sha256 == before
    assert read(tmp_path, text.replace("title: S", "title: T")).sha256 != before
    (tmp_path / "a.csv").write_text("x\n2\n")
    assert read(tmp_path, text).sha256 != before


_quick = settings(phases=(Phase.explicit, Phase.generate), suppress_health_check=[HealthCheck.function_scoped_fixture])


@_quick
@given(st.text(max_size=200) | st.text("ab01:- \n{}[]&*!#|>%\"'\\?,~", max_size=80))
def test_no_text_ends_in_anything_but_a_suite_or_a_list_of_problems(folder: Path, text: str) -> None:
    try:
        assert isinstance(read(folder, text), Suite)
    except BadSuite as error:
        assert error.problems


@_quick
@given(st.integers(0, len(GOOD)), st.integers(0, 30), st.text("ab01:- /.\n{}[]&*!#|>%\"'\\?,~\x1b", max_size=10))
def test_no_change_of_a_good_suite_ends_in_anything_else(folder: Path, at: int, cut: int, put: str) -> None:
    try:
        assert isinstance(read(folder, GOOD[:at] + put + GOOD[at + cut :]), Suite)
    except BadSuite as error:
        assert error.problems


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab-_./\n", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "data", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@_quick
@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(("id", "title", "description", "rubric"), _values)),
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "prompt", "data", "kind", "size", "tags", "not_applicable"]), _values, max_size=7
        ),
        max_size=3,
    ),
)
def test_no_value_of_any_key_ends_in_anything_else(
    folder: Path, top: dict[str, object], cases: list[dict[str, object]]
) -> None:
    try:
        suite = read(folder, yaml.safe_dump({**top, "cases": cases}))
    except BadSuite as error:
        assert error.problems
    else:
        assert len({case.id for case in suite.cases}) == len(suite.cases) > 0
        assert all(case.prompt and case.id for case in suite.cases)
