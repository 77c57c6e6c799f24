from __future__ import annotations

import json
import logging
import warnings
from typing import Any

import pytest

from nbalign.errors import BadInput
from nbalign.notebooks import Notebook, read
from tests.notebooks.build import code, document, markdown, notebook, raw, stream


def read_json(value: object) -> Notebook:
    return read(raw(value), "a.ipynb")


def test_a_valid_notebook_is_read_without_a_word() -> None:
    found = read(notebook(markdown(["# Title\n", "text"]), code("x = 1", stream("1\n"))), "folder/a.ipynb")
    assert found.warnings == ()
    assert (found.name, found.format, found.language) == ("a.ipynb", "ipynb 4.5", "python")
    assert [(c.number, c.kind, c.source) for c in found.cells] == [
        (1, "markdown", "# Title\ntext"),
        (2, "code", "x = 1"),
    ]
    assert found.cells[1].execution_count == 1
    assert found.cell(2).outputs[0].text == "1\n"


@pytest.mark.parametrize("minor", range(6))
def test_every_minor_version_of_format_four_is_read(minor: int) -> None:
    cell = code("1")
    if minor < 5:
        del cell["id"]
    found = read_json(document(cell, minor=minor))
    assert (found.format, found.warnings) == (f"ipynb 4.{minor}", ())


def version_three() -> dict[str, Any]:
    cells = [
        {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["A\n", "heading"]},
        {"cell_type": "markdown", "metadata": {}, "source": "text"},
        {
            "cell_type": "code",
            "collapsed": False,
            "input": ["a = 1\n", "a"],
            "language": "python",
            "metadata": {},
            "prompt_number": 7,
            "outputs": [
                {"output_type": "stream", "stream": "stderr", "text": ["careful\n"]},
                {"output_type": "pyout", "prompt_number": 7, "metadata": {}, "text": ["1"], "html": "<b>1</b>"},
                {"output_type": "display_data", "metadata": {}, "png": "iVBORw0KGgo="},
                {"output_type": "display_data", "metadata": {}, "json": '{"a": 1}'},
                {"output_type": "pyerr", "ename": "KeyError", "evalue": "'x'", "traceback": ["KeyError: 'x'"]},
            ],
        },
    ]
    return {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": cells, "metadata": {}}],
    }


def test_format_three_is_upgraded() -> None:
    found = read_json(version_three())
    assert (found.format, found.warnings) == ("ipynb 3", ())
    assert [(c.kind, c.source) for c in found.cells] == [
        ("markdown", "## A heading"),
        ("markdown", "text"),
        ("code", "a = 1\na"),
    ]
    outputs = found.cells[2].outputs
    assert found.cells[2].execution_count == 7
    assert [(o.kind, o.name, o.text) for o in outputs] == [
        ("stream", "stderr", "careful\n"),
        ("result", "", "1"),
        ("display", "", ""),
        ("display", "", '{"a": 1}'),
        ("error", "KeyError", "KeyError: 'x'"),
    ]
    assert outputs[2].images[0].data == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("number", [0, None, 4, "three"])
def test_the_layout_decides_where_the_number_is_wrong(number: object) -> None:
    found = read_json({**version_three(), "nbformat": number})
    assert found.format == "ipynb 3"
    assert found.warnings == ("The format number is missing or wrong; the file was read by its layout.",)


def test_damaged_cells_of_format_three_are_still_read() -> None:
    value = version_three()
    cells = value["worksheets"][0]["cells"]
    cells[0]["level"] = 10**9
    cells[2]["outputs"][1] = {"text": "no type"}
    cells.append(
        {"cell_type": "code", "metadata": {}, "input": "b", "outputs": [{"output_type": "pyout", "json": "{bad"}]}
    )
    value["worksheets"].append("no worksheet")
    found = read_json(value)
    assert [c.source for c in found.cells] == ["# A heading", "text", "a = 1\na", "b"]
    assert found.cells[3].outputs[0].text == '"{bad"'
    assert "A worksheet without a list of cells was left out." in found.warnings
    assert "Cells of the old format could not be upgraded and were read as they are (cell 3)." in found.warnings


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"metadata": None}, "no metadata"),
        ({"nbformat": None}, "format number is missing"),
        ({"nbformat": "4"}, "not a whole number"),
        ({"nbformat": 10**3000}, "format number is missing"),
        ({"nbformat": 5}, "newer than 4.5"),
        ({"nbformat_minor": "x"}, "minor format number"),
        ({"nbformat_minor": 9}, "newer than 4.5"),
    ],
)
def test_damage_of_the_notebook_is_repaired_and_told_once(change: dict[str, object], words: str) -> None:
    found = read_json({**document(code("1")), **change})
    assert [c.source for c in found.cells] == ["1"]
    assert len([w for w in found.warnings if words in w]) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": None}, "without an id"),
        ({"metadata": None}, "without metadata"),
        ({"source": 5}, "turned into text"),
        ({"source": ["a", 5]}, "turned into text"),
        ({"cell_type": "strange"}, "unknown type"),
        ({"outputs": {"a": 1}}, "not a list"),
        ({"outputs": ["text"]}, "not JSON objects"),
        ({"outputs": [{"output_type": "strange", "text": "x"}]}, "unknown type"),
        ({"execution_count": "one"}, "Execution counts"),
    ],
)
def test_the_same_damage_of_many_cells_gives_one_warning(change: dict[str, object], words: str) -> None:
    cells = [{**code("1", id=f"c{i}"), **change} for i in range(30)]
    found = read_json(document(*cells))
    assert len(found.cells) == 30
    told = [w for w in found.warnings if words in w]
    assert len(told) == 1
    assert "(cells 1, 2, 3, 4, 5, 6, 7, 8 and 22 more)" in told[0]


def test_duplicate_ids_are_told() -> None:
    found = read(notebook(code("1"), code("2")), "a.ipynb")
    assert found.warnings == ("Cells with the id of an earlier cell are known by their number (cell 2).",)


def test_cells_that_are_no_objects_keep_their_place() -> None:
    found = read(notebook("loose text", None, 3, code("1")), "a.ipynb")
    assert [(c.kind, c.source) for c in found.cells] == [
        ("raw", "loose text"),
        ("raw", ""),
        ("raw", "3"),
        ("code", "1"),
    ]
    assert found.warnings == ("Cells that are not JSON objects were read as raw text (cells 1, 2, 3).",)


def test_what_only_the_schema_knows_is_told_in_its_words() -> None:
    cell = code("1")
    del cell["execution_count"]
    (warning,) = read(notebook(cell), "a.ipynb").warnings
    assert warning.startswith("The file does not quite follow the schema")
    assert warning.endswith("'execution_count' is a required property (cell 1).")


def test_faults_outside_the_cells_are_told_without_a_cell() -> None:
    (warning,) = read_json({**document(code("1")), "metadata": {"kernelspec": {"name": "x"}}}).warnings
    assert warning.endswith("'display_name' is a required property.")


def test_nbformat_stays_quiet(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    with warnings.catch_warnings(), caplog.at_level(logging.DEBUG):
        warnings.simplefilter("error")
        read(notebook(code("1"), {**code("2"), "id": "c1"}, {**code("3"), "id": None}), "a.ipynb")
        read_json({**version_three(), "metadata": 5})
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = json.dumps(document(markdown("grüße 🙂")), ensure_ascii=False)
    found = read(text.encode(encoding), "a.ipynb")
    assert found.cells[0].source == "grüße 🙂"
    assert found.warnings == ()


def test_unreadable_bytes_are_replaced_and_told() -> None:
    found = read(notebook(markdown("caf@")).replace(b"@", b"\xe9"), "a.ipynb")
    assert found.cells[0].source == "caf\ufffd"
    assert found.warnings == ("Some bytes are not valid text and were replaced by \ufffd.",)


def test_json_that_is_only_nearly_json_is_told() -> None:
    value = notebook(code("@")).replace(b'"execution_count": 1', b'"execution_count": NaN').replace(b"@", b"a\x01b")
    found = read(value, "a.ipynb")
    assert found.cells[0].source == "ab"
    assert any("NaN" in w for w in found.warnings)
    assert any("unescaped" in w for w in found.warnings)


def test_the_language_is_that_of_the_kernel() -> None:
    value = {**document(), "metadata": {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}}
    assert read_json(value).language == "r"
    value["metadata"] = {"language_info": {"name": "ipython"}}
    assert read_json(value).language == "python"


def test_a_carriage_return_hides_no_source() -> None:
    assert read(notebook(code("evil()\rprint(1)")), "a.ipynb").cells[0].source == "evil()\nprint(1)"


def deep(levels: int) -> bytes:
    return b'{"cells": ' + b"[" * levels + b"]" * levels + b"}"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\0" * 100, "is empty"),
        (bytes(range(256)) * 20, "is binary data"),
        (b"\x1f\x8b\x08\x00rest", "gzip"),
        (b"PK\x03\x04rest", "zip"),
        (b"\n<!DOCTYPE html><html>", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
        (b"<<<<<<< HEAD\n{", "merge conflict"),
        (b"just words", "is not JSON"),
        (b'"text"', "is not an object"),
        (b"[1, 2]", "is not an object"),
        (b"{}", "no list of cells"),
        (b'{"nbformat": 4}', "no list of cells"),
        (b'{"cells": {"a": 1}, "nbformat": 4}', "no list of cells"),
        (b'{"worksheets": [], "nbformat": 2}', "nbformat 2, from before 2013"),
        (b'{"cells": [1 2], "nbformat": 4, "nbformat_minor": 5}', "damaged at byte 13 (line 1, column 14)"),
        (deep(300), "200 levels deep"),
        (deep(100_000), "200 levels deep"),
    ],
)
def test_what_is_no_notebook_is_refused_with_a_reason_and_a_hint(content: bytes, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(content, "a.ipynb")
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.99])
def test_a_truncated_file_says_where_it_breaks_off(share: float) -> None:
    whole = json.dumps(document(code("print('grüße')\n" * 9, stream("1\n2\n"))), indent=1, ensure_ascii=False).encode()
    part = whole[: int(len(whole) * share)].rstrip()
    with pytest.raises(BadInput) as caught:
        read(part, "a.ipynb")
    line = part.count(b"\n") + 1
    assert caught.value.message == f"a.ipynb breaks off at byte {len(part):,} (line {line}): the file seems truncated."


def test_hostile_names_and_messages_are_sanitised() -> None:
    with pytest.raises(BadInput) as caught:
        read(b"", "\x1b[31mbad\x1b]0;x\x07\n.ipynb")
    assert "\x1b" not in str(caught.value)
    assert "\n.ipynb" not in str(caught.value)


@pytest.mark.parametrize("text", ['{"cells": [],}', '{"cells": []}}', '{"cells": [,]}', '{"cells": [] "x"}'])
def test_a_wrong_bracket_or_comma_is_damage_and_not_a_cut(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(text.encode(), "a.ipynb")
    assert "is damaged at byte" in caught.value.message
