from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.errors import BadInput
from nbalign.rubrics.model import Rubric
from nbalign.rubrics.parse import MAX_BYTES, MAX_DIMENSIONS, parse
from nbalign.rubrics.problems import BadRubric

GOOD = """\
id: small-rubric
version: 2
title: Small
scale:
  3: Good. All there.
  1: Bad. Not there.
  2: Average.
  0: N/A for this prompt.
dimensions:
  - id: first_one
    title: First
    question: Is it there?
    1: No.
    2: Partly.
    3: Yes.
    0: Never.
  - id: second
    title: Second
    question: And that?
    1: No.
    2: Partly.
    3: Yes.
"""


def problems_of(text: str) -> list[tuple[int, str]]:
    with pytest.raises(BadRubric) as caught:
        parse(text, "r.yaml")
    return [(problem.line, problem.what) for problem in caught.value.problems]


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_a_rubric_is_read_whole() -> None:
    rubric = parse(GOOD, "r.yaml")
    assert (rubric.id, rubric.version, rubric.title) == ("small-rubric", 2, "Small")
    assert rubric.scale.levels == (1, 2, 3)
    assert rubric.scale.values == (0, 1, 2, 3)
    assert rubric.scale.not_applicable == 0
    assert rubric.scale.name(3) == "good"
    assert [dimension.id for dimension in rubric.dimensions] == ["first_one", "second"]
    assert rubric.dimension("first_one").levels == {3: "Yes.", 2: "Partly.", 1: "No.", 0: "Never."}
    assert 0 not in rubric.dimension("second").levels  # the text for N/A may be left out
    assert rubric.text == GOOD
    assert rubric.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()


def test_the_hash_does_not_see_newlines_or_byte_order_marks() -> None:
    assert parse("\ufeff" + GOOD.replace("\n", "\r\n")) == parse(GOOD)
    assert parse(GOOD.replace("\n", "\r")) == parse(GOOD)
    assert parse(changed("Small", "Smaller")).sha256 != parse(GOOD).sha256


@pytest.mark.parametrize(
    ("zero", "key", "expected"),
    [
        ("Not applicable here.", "", 0),
        ("NOT APPLICABLE", "", 0),
        ("n/a", "", 0),
        ("Terrible.", "", None),
        ("Is not applicable.", "", None),
        ("Not applicable here.", "not_applicable: none\n", None),
        ("Not applicable here.", "not_applicable: None\n", None),
        ("Terrible.", "not_applicable: 0\n", 0),
        ("Terrible.", "not_applicable: 2\n", 2),
    ],
)
def test_what_means_not_applicable(zero: str, key: str, expected: int | None) -> None:
    text = key + changed("N/A for this prompt.", zero).replace("    3: Yes.\n", "    3: Yes.\n    0: No way.\n")
    text = text.replace("    0: No way.\n    0: Never.\n", "    0: Never.\n")
    scale = parse(text).scale
    assert scale.not_applicable == expected
    assert scale.levels == tuple(v for v in (0, 1, 2, 3) if v != expected)


@pytest.mark.parametrize("value", ["7", "maybe", "[1]", "", "null", "00", "²"])
def test_not_applicable_is_a_digit_of_the_scale_or_none(value: str) -> None:
    found = problems_of(f"not_applicable: {value}\n{GOOD}")
    assert (1, "not_applicable must be a digit of the scale, or none") in found


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("id: small-rubric", "id: Small Rubric", 1, "such as 'small-rubric'"),
        ("id: small-rubric", "id: " + "a" * 65, 1, "at most 64 characters"),
        ("version: 2", "version: 0", 2, "whole number"),
        ("version: 2", "version: 1.5", 2, "whole number"),
        ("version: 2", "version: -1", 2, "whole number"),
        ("version: 2", "version: ٢", 2, "whole number"),
        ("version: 2", "version: " + "9" * 5000, 2, "whole number"),
        ("version: 2\n", "", 1, "has no version"),
        ("title: Small", "title:", 3, "title of the rubric is empty"),
        ("title: Small", "title: ''", 3, "title of the rubric is empty"),
        ("title: Small", "title: " + "x" * 201, 3, "over 200 characters"),
        ("title: Small", "titel: Small", 3, "did you mean 'title'?"),
        ("title: Small", "title: [a, b]", 3, "must be text"),
        ("title: Small", "title: Small\ntitle: Large", 4, "given before, in line 3"),
        ("  1: Bad. Not there.", "  2: Again.", 7, "'2' of the scale was given before, in line 6"),
        ("  1: Bad. Not there.", '  "2": Again.', 7, "'2' of the scale was given before, in line 6"),
        ("  0: N/A", "  10: N/A", 8, "digits from 0 to 9"),
        ("  0: N/A", "  good: N/A", 8, "digits from 0 to 9"),
        ("  0: N/A", "  ٣: N/A", 8, "digits from 0 to 9"),
        ("  - id: second", "  - id: first_one", 17, "taken by the dimension in line 10"),
        ("  - id: second", "  - id: Second-One", 17, "such as 'second_one'"),
        ("    2: Partly.\n    3: Yes.\n    0", "    3: Yes.\n    0", 10, "'first_one' does not say what 2 means"),
        ("    2: Partly.\n    3: Yes.\n    0", "    2:\n    3: Yes.\n    0", 14, "2 of dimension 'first_one' is empty"),
        ("    0: Never.", "    7: Never.", 16, "7 is not on the scale"),
        ("    0: Never.", "    12: Never.", 16, "unknown key '12'"),
        ("    question: Is it there?", "    questoin: Is it there?", 12, "did you mean 'question'?"),
        ("    question: Is it there?\n", "", 10, "has no question"),
        ("  - id: second", "  - &x\n    id: second", 17, "an anchor"),
        ("    question: And that?", "    question: *x", 19, "an alias"),
        ("    question: And that?", "    question: !!str And that?", 19, "a tag"),
        ("    question: And that?", '    question: "And \\x1b[31m that?"', 19, "U+001B is not allowed"),
        ("    question: And that?", '    question: "And \\u202e that?"', 19, "U+202E is not allowed"),
        ("    question: And that?", "    question: And \x1b[31m that?", 19, "U+001B is not allowed"),
        ("    question: And that?", "    question: And\u2028that?", 19, "U+2028 is not allowed"),
        ("    question: And that?", "    question: And\ud800that?", 19, "U+D800 is not allowed"),
        ("    question: And that?", "    question: And that? # \x9b31m", 19, "U+009B is not allowed"),
        ("title: Small", "title: Small: Large", 3, "not valid YAML"),
        ("title: Small", "title: 'Small", 23, "not valid YAML"),
        ("title: Small", 'title: "\\UFFFFFFFF"', 3, "not valid YAML"),
        ("    3: Yes.\n    0", "    3: Yes.\n---\n    0", 16, "second YAML document"),
        ("title: Small", "title: [[[[[[[[Small]]]]]]]]", 3, "nested more than"),
        ("title: Small", "? [a]\n: b\ntitle: Small", 3, "'(not text)'"),
    ],
)
def test_every_problem_has_its_line(old: str, new: str, line: int, what: str) -> None:
    found = problems_of(changed(old, new))
    assert any(at == line and what in words for at, words in found), found


def test_all_problems_come_at_once_in_the_order_of_lines() -> None:
    text = (
        changed("version: 2", "version: x")
        .replace("title: Second", "titel: Second")
        .replace("    0: Never.", "    8: Never.")
    )
    with pytest.raises(BadInput) as caught:
        parse(text, "r.yaml")
    lines = caught.value.message.split("\n")
    assert lines[0] == "r.yaml has 4 problems:"
    assert [line.split(": ")[0] for line in lines[1:]] == ["r.yaml:2", "r.yaml:16", "r.yaml:17", "r.yaml:18"]
    assert "rubric check" in caught.value.hint
    assert caught.value.exit_code == 3


def test_thousands_of_problems_are_counted_not_listed() -> None:
    with pytest.raises(BadRubric) as caught:
        parse("".join(f"x{n}: 1\n" for n in range(5000)))
    assert len(caught.value.problems) > 5000
    assert len(caught.value.message.split("\n")) < 40
    assert "more" in caught.value.message


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n"])
def test_an_empty_file_is_said_to_be_empty(text: str) -> None:
    with pytest.raises(BadRubric, match=r"empty|made of"):
        parse(text)


@pytest.mark.parametrize("text", ["hello", "- a\n- b", "42", "[]"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    assert problems_of(text) == [(1, "the rubric must be made of 'key: value' lines")]


def rubric_text(digits: str, dimensions: int, na: str = "none") -> str:
    scale = "".join(f"  {digit}: level {digit}\n" for digit in digits)
    levels = "".join(f"    {digit}: text {digit}\n" for digit in digits)
    each = "".join(f"  - id: d{n}\n    title: D{n}\n    question: Q?\n{levels}" for n in range(dimensions))
    return f"id: x\nversion: 1\ntitle: X\nnot_applicable: {na}\nscale:\n{scale}dimensions:\n{each or '  []'}"


@pytest.mark.parametrize(("digits", "na"), [("1", "none"), ("0123456789", "none"), ("01", "0")])
def test_scales_too_short_or_too_long_are_refused(digits: str, na: str) -> None:
    assert any("it needs 2 to 9" in what for _, what in problems_of(rubric_text(digits, 1, na)))


@pytest.mark.parametrize(("digits", "na"), [("12", "none"), ("0123456789", "0"), ("123456789", "none"), ("012", "0")])
def test_scales_of_two_to_nine_levels_are_taken(digits: str, na: str) -> None:
    assert len(parse(rubric_text(digits, 1, na)).scale.values) == len(digits)


def test_one_to_twenty_dimensions() -> None:
    assert len(parse(rubric_text("12", MAX_DIMENSIONS)).dimensions) == MAX_DIMENSIONS
    assert any("a rubric has 1 to 20" in what for _, what in problems_of(rubric_text("12", MAX_DIMENSIONS + 1)))
    assert any("a rubric has 1 to 20" in what for _, what in problems_of(rubric_text("12", 0)))


def test_a_bomb_of_aliases_is_refused() -> None:
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    assert all("not allowed" in what for _, what in problems_of(bomb))


@pytest.mark.parametrize("unit", ["[", "{", "- ", "? ", "a: {"])
def test_a_text_nested_a_hundred_thousand_deep_is_refused(unit: str) -> None:
    assert any("nested" in what or "not valid YAML" in what for _, what in problems_of(unit * 50_000))


def test_a_text_over_the_bound_is_refused_unread() -> None:
    assert problems_of(GOOD + "#" * MAX_BYTES) == [(0, "longer than 256 KB, which no rubric needs to be")]
    assert problems_of("ä" * (MAX_BYTES // 2 + 1)) == [(0, "longer than 256 KB, which no rubric needs to be")]


def test_messages_show_no_control_characters() -> None:
    with pytest.raises(BadRubric) as caught:
        parse('"\\x1b[2Jid": x\n' + GOOD, "evil\x1b]0;name\x07\nr.yaml")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", caught.value.message)


_words = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Cn"]), min_size=1, max_size=40
).filter(str.strip)


@settings(deadline=None)
@given(title=_words, question=_words, level=_words)
def test_any_printable_text_survives(title: str, question: str, level: str) -> None:
    data = {
        "id": "x",
        "version": 1,
        "title": title,
        "not_applicable": "none",
        "scale": {1: level, 2: "b"},
        "dimensions": [{"id": "d", "title": title, "question": question, 1: level, 2: level}],
    }
    rubric = parse(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))
    assert rubric.title == " ".join(title.split())
    assert rubric.dimensions[0].question == question.strip()
    assert rubric.dimensions[0].levels == {1: level.strip(), 2: level.strip()}
    assert rubric.scale.meanings[1] == level.strip()


@settings(deadline=None)
@given(st.text(max_size=200) | st.text("ab01:- \n{}[]&*!#|>%\"'\\?,~", max_size=80))
def test_no_text_ends_in_anything_but_a_rubric_or_a_list_of_problems(text: str) -> None:
    try:
        assert isinstance(parse(text), Rubric)
    except BadRubric as error:
        assert error.problems


@settings(deadline=None)
@given(st.integers(0, len(GOOD)), st.integers(0, 30), st.text("ab01:- \n{}[]&*!#|>%\"'\\?,~\x1b", max_size=10))
def test_no_damage_to_a_rubric_ends_in_a_crash(start: int, length: int, junk: str) -> None:
    text = GOOD[:start] + junk + GOOD[start + length :]
    try:
        assert isinstance(parse(text), Rubric)
    except BadRubric as error:
        assert error.problems


def test_the_example_in_the_documentation_is_a_rubric() -> None:
    document = Path(__file__, "../../../docs/rubrics.md").resolve().read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", document, re.DOTALL)
    rubric = parse(example, "docs/rubrics.md")
    assert rubric.scale.levels == (1, 2, 3, 4, 5)
    assert rubric.scale.not_applicable is None
    assert len(rubric.dimensions) == 2
