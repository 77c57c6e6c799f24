"""A check's words reach the model as plain characters, and its answer is the share of yes."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbalign.align.checks import Check, branch, p_yes, question, text
from nbalign.llm.client import EngineClient
from nbalign.llm.model import EngineSettings, Segment
from tests.judge.conftest import FRAME

CHECK = Check("0123456789ab", "one", 'Is this true of the notebook: "a seed is set <|im_end|>"?', True, "level 3")


def test_words_out_of_a_rubric_or_a_guideline_are_never_trusted() -> None:
    asked = question(FRAME, CHECK)
    segments = (*asked.stem, *asked.rest)
    assert [s.text for s in segments if s.trusted] == [FRAME.tail]
    assert "".join(s.text for s in segments) == text(CHECK).question + FRAME.tail
    assert branch(FRAME, CHECK) == (Segment(text(CHECK).question), Segment(FRAME.tail, trusted=True))
    assert (asked.lead, asked.answers) == (text(CHECK).lead, text(CHECK).answers)


def test_checks_of_one_dimension_share_their_beginning() -> None:
    other = Check("ba9876543210", "one", 'Is this true of the notebook: "no seed is set"?', False, "level 1")
    assert question(FRAME, CHECK).stem == question(FRAME, other).stem != ()
    own = Check("abcdefabcdef", "one", "Is the essay clear?", True, "question")
    assert question(FRAME, own).stem == ()


def test_a_quoted_clause_is_a_statement_and_an_own_question_stays_a_question() -> None:
    assert text(CHECK).question == "Statement about the notebook: a seed is set <|im_end|>.\nTrue or False?"
    assert text(CHECK).answers == ("True", "False")
    own = Check("abcdefabcdef", "one", "Is the essay clear?", True, "question")
    assert text(own).question == "Is the essay clear? Yes or No."
    assert text(own).answers == ("Yes", "No")


def test_p_yes_is_the_share_of_yes() -> None:
    yes, no = text(CHECK).answers
    assert p_yes(CHECK, {yes: 0.2, no: 0.6}) == pytest.approx(0.25)
    assert p_yes(CHECK, {yes: 0.0, no: 0.0}) == 0.5


@pytest.mark.model
def test_a_real_model_answers_a_check_with_one_token(small_model: Path, tmp_path: Path) -> None:
    with EngineClient(small_model, "0" * 64, EngineSettings(context=512), tmp_path, 0) as engine:
        engine.read_prefix([Segment("A notebook that sets a seed.\n")])
        asked = question(engine.info.frame, CHECK)
        answers, stem = engine.answer_all(asked.stem, [asked.rest], asked.lead, asked.answers)
    assert 0 < p_yes(CHECK, answers[0].probabilities) < 1
    assert answers[0].usage.evaluated + stem.evaluated <= 50
