from __future__ import annotations

from pathlib import Path

import pytest

from nbalign.errors import BadInput, NotFound
from nbalign.suite.checking import MAX_BYTES
from nbalign.suite.choosing import choose
from nbalign.suite.problems import BadSuite
from nbalign.suite.reading import read_suite

TWO = """\
id: two
title: Two
cases:
  - {id: first-one, prompt: P, tags: [new-rows, Two words]}
  - {id: second, prompt: P}
"""


def test_a_suite_is_found_by_file_folder_or_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    text = "id: s\ntitle: S\ncases: [{id: a, prompt: P}]"
    (tmp_path / "mine" / "suite.yaml").write_text(text)
    assert read_suite(tmp_path / "mine") == read_suite(tmp_path / "mine" / "suite.yaml")
    assert read_suite("tabular").id == "tabular"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tabular").mkdir()
    assert read_suite("tabular").id == "tabular"  # an empty folder hides no name
    (tmp_path / "tabular" / "suite.yaml").write_text(text)
    assert read_suite("tabular").id == "s"  # what is there goes before a name
    assert read_suite("tabular").path == tmp_path / "tabular" / "suite.yaml"


@pytest.mark.parametrize("path", ["nothing", "no/such/suite.yaml", "evil\x1b[2J", "x" * 5000, "a\0b"])
def test_a_suite_that_is_not_there(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFound, match="there is no suite") as caught:
        read_suite(path)
    assert "tabular" in caught.value.hint
    assert "\x1b" not in str(caught.value)


def test_a_file_that_is_not_utf8_or_no_file(tmp_path: Path) -> None:
    (tmp_path / "suite.yaml").write_bytes(b"id: a\ntitle: \xff\n")
    with pytest.raises(BadSuite, match="yaml:2: not UTF-8 text"):
        read_suite(tmp_path)
    with pytest.raises(BadInput, match="is not a file"):
        read_suite("/dev/null")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound, match=r"holds no suite\.yaml"):
        read_suite(tmp_path / "empty")
    (tmp_path / "empty" / "suite.yaml").mkdir()
    with pytest.raises(BadInput, match="is not a file"):
        read_suite(tmp_path / "empty")


def test_a_file_over_the_bound_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbalign.suite.reading.MAX_BYTES", 10)
    (tmp_path / "suite.yaml").write_text("id: a\n# and more")
    with pytest.raises(BadSuite, match=f"longer than {MAX_BYTES >> 20} MB"):
        read_suite(tmp_path)


def test_cases_are_chosen_by_id_and_tag_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "suite.yaml").write_text(TWO)
    suite = read_suite(tmp_path)
    assert choose(suite) is suite
    assert [case.id for case in choose(suite, ["second"]).cases] == ["second"]
    assert [case.id for case in choose(suite, tags=["Two words"]).cases] == ["first-one"]
    both = choose(suite, ["second"], ["new-rows"])
    assert [case.id for case in both.cases] == ["first-one", "second"]
    assert both.sha256 == suite.sha256
    with pytest.raises(NotFound, match="no case 'secnd'; did you mean 'second'") as caught:
        choose(suite, ["secnd"])
    assert caught.value.hint == "Its cases: first-one, second."
    with pytest.raises(NotFound, match="no tag 'old-rows'; did you mean 'new-rows'"):
        choose(suite, tags=["old-rows"])
