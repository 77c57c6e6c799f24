"""The exact words of a check as a model is asked it, and how its answer is read.

A quoted clause is put to the model as a statement that is true or false. On 14 sample notebooks, 12 clauses of three
dimensions and qwen2.5-coder-1.5b, the mean area under the ROC curve over checks (settled score against log-odds of the
answer that speaks for the notebook; 0.5 is chance) was

    0.61  `Statement about the notebook: …. True or False?`
    0.54  `Does this apply to the notebook? Yes or No. …`
    0.53  `TITLE: is this true of the notebook: "…"? Yes or No.`

and that of a dimension's mean over its checks 0.72, 0.52 and 0.55. The 95% intervals of the differences hold 0, so the
choice is the best guess and no more, and a single check says little: what it is worth is learned from labels.
Subtracting the log-odds on an empty notebook would change nothing: it moves all notebooks by the same amount.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbalign.align.checks.model import Check, Statement, statement
from nbalign.judge.probing import Question
from nbalign.llm.model import ChatFrame, Segment

_LEAD = "Answer:"
_TAIL = "True or False?"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a branch.

    Attributes:
        question: What stands before the model's turn; untrusted. Of its two lines at most the first holds words of
            others.
        lead: How the model's turn begins.
        answers: The single tokens offered, the one that means yes first.
    """

    question: str
    lead: str
    answers: tuple[str, str]


def text(check: Check) -> Wording:
    """The words of a check, about 26 tokens with the frame of a chat.

    A question in an author's own words is answered by yes or no, a quoted clause by true or false.
    """
    quoted = statement(check)
    if quoted is None:
        return Wording(f"{check.text} Yes or No.", _LEAD, ("Yes", "No"))
    return Wording(f"{_head(quoted)} {quoted.clause}.\n{_TAIL}", _LEAD, ("True", "False"))


def branch(frame: ChatFrame, check: Check) -> tuple[Segment, ...]:
    """All of a check's words in one piece, up to the beginning of the model's turn; `question` shares their beginning.

    The words are read as plain characters only: they may come from a rubric's file or from a rater.
    """
    return (Segment(text(check).question), Segment(frame.tail, trusted=True))


def question(frame: ChatFrame, check: Check) -> Question:
    """What asks a check after a notebook's prefix, up to the beginning of the model's turn.

    What all checks begin with is the stem, so that it is evaluated once a notebook.

    Args:
        frame: The model's chat template.
        check: The check.
    """
    words, quoted = text(check), statement(check)
    # Cut before the space: in most vocabularies it is part of the token that follows.
    stem = _head(quoted) if quoted else ""
    rest = words.question[len(stem) :]
    return Question(
        stem=(Segment(stem),) if stem else (),
        rest=(Segment(rest), Segment(frame.tail, trusted=True)),
        lead=words.lead,
        answers=words.answers,
    )


def _head(quoted: Statement) -> str:
    return f"Statement about the {quoted.about}:"


def p_yes(check: Check, probabilities: Mapping[str, float]) -> float:
    """Probability of yes, 0..1, of the distribution over the answers offered; 0.5 where both are 0."""
    yes, no = (probabilities.get(answer, 0.0) for answer in text(check).answers)
    return yes / (yes + no) if yes + no > 0 else 0.5
