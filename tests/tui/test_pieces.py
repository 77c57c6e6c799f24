from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nbalign.labels.model import Label
from nbalign.notebooks.model import Image, Notebook
from nbalign.rubrics.model import Dimension, Rubric, Scale
from nbalign.store.notebooks import NotebookInfo
from nbalign.tui.figures import figure_mark
from nbalign.tui.heights import Heights
from nbalign.tui.needle import Needle
from nbalign.tui.plain import clean, one_line, rater_name
from nbalign.tui.queue import Queue, Tally
from nbalign.tui.sheet import Sheet, Words
from nbalign.tui.strips import fold_line, fold_styled, fold_text, lines_after_fold, marked

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=80)
WIDTH = st.integers(2, 30)


@given(TEXT, WIDTH)
def test_folded_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    pieces = list(fold_line(text, width))
    assert "".join(pieces) == text
    assert all(cell_len(piece) <= width for piece in pieces)


@given(st.lists(st.tuples(TEXT, st.booleans()), max_size=5), WIDTH)
def test_folded_styled_runs_fit_and_lose_nothing(runs: list[tuple[str, bool]], width: int) -> None:
    parts: list[tuple[str, Style | None]] = [(text + ("\n" if end else ""), None) for text, end in runs]
    strips = fold_styled(parts, width)
    assert "".join(s.text for s in strips) == "".join(text for text, _ in runs)
    assert all(s.cell_length <= width for s in strips)


@given(st.text("ab c", max_size=80), WIDTH)
def test_ascii_lines_are_counted_exactly(text: str, width: int) -> None:
    assert lines_after_fold(text, width) == len(list(fold_line(text, width)))


def test_an_empty_line_is_kept_as_a_line() -> None:
    assert [s.text for s in fold_text("a\n\nb", 10, Style())] == ["a", "", "b"]


@given(TEXT, st.text("aB語é", min_size=1, max_size=3))
def test_marking_a_match_changes_no_text(text: str, needle: str) -> None:
    strip = Strip([Segment(text + needle + text)])
    assert marked(strip, Needle(needle), Style(reverse=True)).text == strip.text


def test_every_occurrence_is_marked() -> None:
    strip = marked(Strip([Segment("xAbyab")]), Needle("ab"), Style(reverse=True))
    assert [s.text for s in strip if s.style and s.style.reverse] == ["Ab", "ab"]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=20), st.integers(-5, 200))
def test_heights_find_the_cell_of_a_line(heights: list[int], line: int) -> None:
    table = Heights(1 for _ in heights)
    for index, height in enumerate(heights):
        table.put(index, height)
    assert table.total == sum(heights)
    owners = [index for index, height in enumerate(heights) for _ in range(height)]
    assert table.at(line) == owners[min(max(line, 0), len(owners) - 1)]


@given(st.text())
def test_clean_text_holds_no_control_character(text: str) -> None:
    assert not any((c < " " and c not in "\n\t") or "\x7f" <= c <= "\x9f" for c in clean(text))


def test_lines_and_names_are_made_safe() -> None:
    assert one_line("a\nb\x1b[31m\tc") == "a b�[31m c"
    assert len(one_line("x" * 500)) == 200
    assert rater_name("  \u202eann \n smith\x00 ") == "ann smith"
    assert rater_name("\x1b") == ""


@pytest.mark.parametrize(
    ("image", "mark"),
    [
        (
            Image(
                "image/png",
                b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big"),
                34_200,
            ),
            "[figure 640x480 png 34 kB]",
        ),
        (Image("image/gif", b"GIF89a\x05\x00\x06\x00", 10), "[figure 5x6 gif 10 B]"),
        (
            Image("image/jpeg", b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x10\x00\x20", 999),
            "[figure 32x16 jpeg 999 B]",
        ),
        (Image("image/svg+xml", b"<svg/>", 2_500_000), "[figure svg 2.5 MB]"),
        (Image("image/png", b"", 9_000_000), "[figure png 9.0 MB not kept]"),
        (Image("image/jpeg", b"\xff\xd8\xff\xe0\x00\x00", 6), "[figure jpeg 6 B]"),
    ],
)
def test_a_figure_is_named_with_its_measures(image: Image, mark: str) -> None:
    assert figure_mark(image) == mark


@given(st.binary(max_size=60), st.sampled_from([b"", b"\xff\xd8", b"GIF89a", b"\x89PNG\r\n\x1a\n"]))
def test_broken_figures_are_named_all_the_same(data: bytes, magic: bytes) -> None:
    assert figure_mark(Image("image/x", magic + data, 1)).startswith("[figure")


def rubric(dimensions: int = 3) -> Rubric:
    scale = Scale({0: "Not applicable.", 1: "Bad.", 2: "Good."}, 0)
    levels = {0: "n", 1: "b", 2: "g"}
    made = tuple(Dimension(f"d{n}", f"D{n}", "Is it?", levels) for n in range(dimensions))
    return Rubric("tiny", 1, "Tiny", scale, made, "0" * 64, "")


def sheet() -> Sheet:
    return Sheet(Notebook("a" * 64, "a.ipynb", (), "", "none", "ipynb 4.5"), rubric())


def test_the_focus_goes_to_the_next_open_dimension_round_the_end() -> None:
    s = sheet()
    s.take([Label(s.notebook.sha256, "tiny", "d2", "ann", 1)])
    s.focus = 1
    s.pending["d1"] = (2, 1)
    assert s.to_next_open() and s.focus == 0
    s.pending["d0"] = (2, 2)
    assert not s.to_next_open() and s.focus == 0


def test_decisions_and_unknown_dimensions_are_no_scores_of_the_rater() -> None:
    s = sheet()
    sha = s.notebook.sha256
    s.take([Label(sha, "tiny", "d0", "ann", 1, role="decision"), Label(sha, "tiny", "gone", "ann", 1)])
    assert s.labels == {}


def test_a_draft_is_what_differs_from_the_label() -> None:
    s = sheet()
    s.take([Label(s.notebook.sha256, "tiny", "d0", "ann", 1, "because", (2,))])
    assert s.take_drafts({"d0": Words("because", (2,)), "d1": Words("why", ())}) == ["d0"]
    assert not s.is_draft("d0")
    assert s.is_draft("d1")
    assert s.words_of("d0").toggled(1).cells == (1, 2)
    assert s.words_of("d0").toggled(2).cells == ()


def info(name: str) -> NotebookInfo:
    return NotebookInfo(name * 64, f"{name}.ipynb", "ipynb 4.5", "", 1, (), "", 1)


def test_skipped_notebooks_come_back_after_the_open_ones() -> None:
    counts: dict[str, int] = {"b" * 64: 3}
    flags: dict[str, set[str]] = {"a" * 64: {"skipped"}}
    queue = Queue([info(c) for c in "abcd"], 3, counts, flags)
    queue.start_at("")
    assert queue.info.name == "c.ipynb"
    queue.at = queue.next_open(fallback=-1)
    assert queue.info.name == "d.ipynb"
    counts.update({"c" * 64: 3, "d" * 64: 3})
    queue.at = queue.next_open(fallback=-1)
    assert queue.info.name == "a.ipynb"
    counts["a" * 64] = 3
    assert queue.next_open(fallback=-1) == -1
    assert queue.tally() == Tally(4, 0, 0, 0)
