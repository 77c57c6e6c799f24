from __future__ import annotations

import base64

import pytest

from nbalign.notebooks import Image, Limits, Output, read
from tests.notebooks.build import code, display, error, notebook, result, stream

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 10


def outputs(*raw: object, limits: Limits = Limits()) -> tuple[Output, ...]:  # noqa: B008 - a frozen value
    return read(notebook(code("f()", *raw)), "a.ipynb", limits=limits).cells[0].outputs


def encoded(data: bytes) -> str:
    return base64.encodebytes(data).decode()


def test_consecutive_streams_of_one_name_become_one() -> None:
    found = outputs(
        stream("a\n"),
        stream(["b", "c\n"]),
        stream("e", "stderr"),
        stream("d"),
        display({"text/plain": "x"}),
        stream("y"),
    )
    assert [(o.name, o.text) for o in found] == [
        ("stdout", "a\nbc\n"),
        ("stderr", "e"),
        ("stdout", "d"),
        ("", "x"),
        ("stdout", "y"),
    ]


def test_progress_bars_collapse_over_several_writes() -> None:
    (bar,) = outputs(*(stream(f"\r{i:3}%|{'#' * i}", "stderr") for i in range(101)))
    assert bar.text == "100%|" + "#" * 100


def test_a_stream_of_a_strange_name_is_stdout() -> None:
    (found,) = outputs(stream("a", ["strange"]))
    assert (found.kind, found.name, found.text) == ("stream", "stdout", "a")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"text/plain": ["one\n", "two"], "text/html": "<b>three</b>"}, "one\ntwo"),
        ({"text/plain": "<IPython.core.display.HTML object>", "text/html": "<b>three</b>"}, "three"),
        ({"text/plain": "<pandas.io.formats.style.Styler at 0x7f00>", "text/html": "<td>1</td>"}, "1"),
        ({"text/plain": "<Figure size 640x480 with 1 Axes>"}, "<Figure size 640x480 with 1 Axes>"),
        ({"text/html": "<p>only</p>"}, "only"),
        ({"text/plain": "", "text/html": "<p>only</p>"}, "only"),
        ({"text/markdown": "**bold**", "text/latex": "$x$"}, "**bold**"),
        ({"text/latex": "$x$"}, "$x$"),
        ({"application/json": {"a": [1, None, "é"]}}, '{"a": [1, null, "é"]}'),
        ({"application/vnd.jupyter.widget-view+json": {"model_id": "1"}}, "[widget]"),
        ({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "VBox()"}, "VBox()"),
        ({"application/javascript": "alert(1)"}, "[JavaScript]"),
        ({"text/html": "<script>alert(1)</script>"}, "[JavaScript]"),
        ({"text/html": "<div></div>"}, "[HTML]"),
        ({"application/vnd.plotly.v1+json": {"data": []}}, "[Plotly chart]"),
        ({"application/x-\x1b[31mstrange": "?"}, "[application/x-strange]"),
        ({}, ""),
        ({"text/plain": "\x1b[1mbold\x1b[0m"}, "bold"),
    ],
)
def test_the_most_readable_form_of_a_result_is_taken(data: dict[str, object], text: str) -> None:
    assert [(o.kind, o.text) for o in outputs(result(data), display(data))] == [("result", text), ("display", text)]


@pytest.mark.parametrize("mime", ["image/png", "image/jpeg", "image/gif"])
def test_figures_are_decoded_and_kept_out_of_the_text(mime: str) -> None:
    (found,) = outputs(display({mime: encoded(PNG), "text/plain": "<Figure>"}))
    assert found.images == (Image(mime, PNG, len(PNG)),)
    assert found.text == "<Figure>"


def test_svg_is_kept_as_utf8_text_and_png_is_preferred() -> None:
    (svg,) = outputs(display({"image/svg+xml": ["<svg>", "é</svg>"]}))
    assert svg.images[0].data == "<svg>é</svg>".encode()
    assert svg.images[0].size == len("<svg>é</svg>".encode())
    (both,) = outputs(display({"image/svg+xml": "<svg/>", "image/png": encoded(PNG)}))
    assert [image.mime for image in both.images] == ["image/png"]


def test_a_damaged_figure_leaves_a_mark() -> None:
    found = read(notebook(code("f()", display({"image/png": "abc"}))), "a.ipynb")
    assert found.cells[0].outputs == (Output("display", "", "[damaged image/png]"),)
    assert found.warnings == ("Figures that cannot be decoded were left out (cell 1).",)


def test_large_figures_keep_type_and_size_alone() -> None:
    big = display({"image/png": encoded(b"x" * 1000)})
    (one,) = outputs(big, limits=Limits(image=999))
    assert one.images == (Image("image/png", b"", 1000),)
    found = outputs(big, big, big, limits=Limits(images=2500))
    assert [len(o.images[0].data) for o in found] == [1000, 1000, 0]
    (huge,) = outputs(display({"image/png": "A" * 40_000}), limits=Limits(image=999))
    assert huge.images[0].data == b""
    assert huge.images[0].size == pytest.approx(30_000, rel=0.05)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (error("ValueError", "bad", "\x1b[31mTraceback\x1b[0m", "ValueError: bad"), "Traceback\nValueError: bad"),
        (error("ValueError", "bad", "Traceback", "  line"), "Traceback\n  line\nValueError: bad"),
        (error("ValueError", "bad"), "ValueError: bad"),
        (error("KeyboardInterrupt", "", "KeyboardInterrupt: "), "KeyboardInterrupt:"),
        (error("KeyboardInterrupt", ""), "KeyboardInterrupt"),
        ({"output_type": "error"}, "Error"),
        ({"output_type": "error", "ename": "E", "evalue": "m", "traceback": "one text"}, "one text\nE: m"),
    ],
)
def test_an_error_ends_in_its_name_and_message(raw: object, text: str) -> None:
    (found,) = outputs(raw)
    assert (found.kind, found.text) == ("error", text)


def test_unknown_types_are_read_by_what_they_hold() -> None:
    found = outputs(
        {"output_type": "new", "data": {"text/plain": "a"}},
        {"output_type": 5, "text": "b", "pieces": [1]},
        {"ename": "E", "evalue": "m"},
        {"output_type": "display_data", "data": "loose"},
        "text",
    )
    assert [(o.kind, o.text) for o in found] == [
        ("display", "a"),
        ("stream", "b"),
        ("error", "E: m"),
        ("display", "loose"),
        ("display", '"text"'),
    ]


def test_html_over_the_bound_of_the_notebook_leaves_a_counted_mark() -> None:
    html = display({"text/html": "<p>row</p>" * 100})
    found = outputs(html, html, limits=Limits(outputs=500))
    assert found[0].text.startswith("row\n")
    assert (found[1].text, found[1].cut) == ("… [cut: 1,000 characters left out]", 1000)


def test_huge_html_is_cut_and_counted() -> None:
    (found,) = outputs(display({"text/html": "<p>row</p>" * 10_000}), limits=Limits(output=1000))
    assert found.cut > 90_000
    assert found.text.startswith("row\nrow\n")
    assert "characters left out]" in found.text
