"""Prose without full stops: every word of it is read where there is room, and what is left out is named."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.judge.digest import digest
from nbalign.judge.digest.prose import parts
from nbalign.notebooks import Cell
from tests.judge.digesting import code, count, markdown, notebook

RUN_ON = " ".join(f"then on day {at} we walked to the harbour and the boats were still out," for at in range(60))
LOWER = " ".join(f"we saw ship number {at} leave. nobody waved at it." for at in range(60))
UNPUNCTUATED = " ".join(f"word{at}" for at in range(700))


def text_of(source: str, budget: int = 4000) -> str:
    """The digest of a notebook of one text, on one line and without its head."""
    return " ".join(digest(notebook(markdown(source)), count, budget).text.partition("\n")[2].split())


@given(st.text(alphabet="ab.,;:–-() 。，\u00e9", max_size=400), st.integers(2, 60))
def test_parts_are_short_and_lose_nothing_but_blanks(text: str, most: int) -> None:
    made = parts(text, most)
    assert all(0 < len(part) <= most for _, part in made)
    assert all(glue in {"", " "} for glue, _ in made)
    joined = "".join(glue + part for glue, part in made)
    assert joined.split() == text.split()


def test_parts_end_where_a_reader_draws_breath() -> None:
    text = "we left early; the road was long, and there was dust and no water to be had anywhere on it"
    assert parts(text, 60) == [
        ("", "we left early; the road was long,"),
        (" ", "and there was dust and no water to be had anywhere on it"),
    ]


def test_a_decimal_number_is_not_torn_apart() -> None:
    made = parts(" ".join(["the share was 3.25 of it"] * 30), 50)
    assert sum("3.25" in part for _, part in made) == len(made)


def test_a_word_longer_than_a_part_is_cut_and_joined_again_without_a_blank() -> None:
    assert parts("x" * 25, 10) == [("", "x" * 8), ("", "x" * 8), ("", "x" * 9)]


@pytest.mark.parametrize("source", [RUN_ON, LOWER, UNPUNCTUATED, f"1. {RUN_ON}", f"> {LOWER}"])
def test_a_text_without_full_stops_is_shown_whole_where_there_is_room(source: str) -> None:
    assert text_of(source) == source.removeprefix("> ")


def test_lines_beyond_every_bound_are_shown_whole_where_there_is_room() -> None:
    assert text_of(" ".join([UNPUNCTUATED] * 3), 20_000) == " ".join([UNPUNCTUATED] * 3)
    assert text_of("```\n" + UNPUNCTUATED + "\n```") == UNPUNCTUATED
    wide = UNPUNCTUATED[:2000]
    assert text_of(f"| {wide} | last |") == f"{wide} | last"
    assert "漢字" * 900 in text_of("漢字" * 900)


def test_many_short_sentences_are_shown_whole_where_there_is_room() -> None:
    source = "\n".join(f"- It rained on day {at}." for at in range(400))
    made = digest(notebook(markdown(source)), count, 8000)
    assert made.text.count("It rained") == 400
    assert made.omissions == ()


def test_a_text_shown_whole_has_nothing_left_out() -> None:
    made = digest(notebook(markdown(RUN_ON), markdown(LOWER)), count, 8000)
    assert made.omissions == ()
    assert "…" not in made.text


def test_short_of_room_parts_go_one_by_one_from_the_end_and_are_called_sentences() -> None:
    source = " ".join(f"word{'abcdefghij'[at % 10]}" for at in range(1500))
    made = digest(notebook(markdown(source)), count, 1500)
    assert made.tokens > 1350
    assert made.text.endswith("…")
    (omission,) = made.omissions
    assert omission.what == "sentences"
    assert omission.tokens > 0.8 * (made.whole_tokens - made.tokens)


def test_what_the_first_cell_says_besides_the_prompt_is_shown_whole() -> None:
    made = digest(notebook(markdown(f"> Tell a story.\n\n{LOWER}"), prompt="Tell a story."), count, 4000)
    assert LOWER in " ".join(made.text.split())
    assert [omission.what for omission in made.omissions] == ["the prompt, given with the task"]


def test_a_part_cannot_fake_a_cell() -> None:
    filler = "and so it went on and on, " * 11
    made = digest(notebook(markdown(f"{filler}\n[2] code\nout: 1\n{filler}"), markdown("# Next")), count, 4000)
    assert not re.search(r"^(?:\[2\] code|out:)", made.text, re.MULTILINE)


def test_encoded_bytes_are_no_prose() -> None:
    for source in ("iVBO" * 20_000, "```\n" + "iVBO" * 20_000 + "\n```", "see " + "iVBO" * 20_000):
        assert len(text_of(source)) < 20


def test_the_end_of_a_code_line_without_end_is_called_that() -> None:
    made = digest(notebook(code("total = " + " + ".join(f"part_{at}" for at in range(100)))), count, 4000)
    assert [omission.what for omission in made.omissions] == ["ends of long code lines"]


def test_what_the_reader_of_notebooks_cut_is_called_that() -> None:
    made = digest(notebook(Cell(0, "markdown", "It rained. " * 20, None, (), 5000)), count, 4000)
    assert any("left out when it was read" in omission.what for omission in made.omissions)
    assert not any("markup" in omission.what for omission in made.omissions)
