"""One lesson as one line of a distillation prompt: what raters said of a notebook, in short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from nbalign.align.model import Lesson, Remark
from nbalign.labels.cells import format_cells
from nbalign.notebooks.sanitise import clean_line

LONGEST = 400  # characters of one rater's words: about 100 tokens, half as much again as raters mostly write
BETWEEN = " / "  # two raters' words
MOST_VOICES = 3  # raters quoted in one record
# Of 100. Two raters that describe the same fault in words of their own reach 60 to 75 on the sample labels; above,
# the second adds nothing that could make a guideline.
_SAME = 75

NO_WORDS = "It gives a score without a word of why."
OVERRULED = "It gives another score than the one that was settled on."
ONE_OF_MANY = f"More than {MOST_VOICES} raters said different things of this notebook; the first ones were read."
UNSETTLED = "The raters disagree and nobody has decided."


@dataclass(frozen=True, slots=True)
class Record:
    """What is told of one notebook in one dimension.

    Attributes:
        notebook: Content hash.
        dimension: Dimension id.
        score: The settled score.
        judged: The judge's expected score rounded to a whole number, so that the last bits of a probability do not
            change what is distilled; None where no judge was asked.
        words: Why, one line, untrusted.
        cells: Cited cells, ascending.
        events: Labels whose words stand in `words`, or who said nearly the same, ascending.
    """

    notebook: str
    dimension: str
    score: int
    judged: int | None
    words: str
    cells: tuple[int, ...]
    events: tuple[int, ...]

    @property
    def gap(self) -> int:
        """How far judge and experts are apart, in levels; 0 where no judge was asked."""
        return 0 if self.judged is None else abs(self.judged - self.score)

    @property
    def first(self) -> str:
        """The words that come first, without those of further raters."""
        return self.words.split(BETWEEN)[0]

    def told(self) -> str:
        """The record as it stands in a prompt, on one line and without its number."""
        judged = f"judge {self.judged}, " if self.gap else ""
        cells = f" [cells {format_cells(self.cells)}]" if self.cells else ""
        return f"({judged}experts {self.score}) {self.words}{cells}"


def record(lesson: Lesson, judged: float | None = None) -> tuple[Record | None, dict[int, str]]:
    """A lesson as a record.

    A decision's reason comes first, then raters in order of their labels. What nearly repeats somebody else's words is
    left out, and so are words for another score than the settled one: they would teach the opposite.

    Args:
        lesson: The lesson.
        judged: The judge's expected score, before rounding; None or not a number for none.

    Returns:
        The record, or None where nobody said anything; and why labels stand behind no record, by event.
    """
    unused: dict[int, str] = {}
    quoted: list[tuple[str, Remark]] = []
    events: list[int] = []
    for remark in sorted(lesson.remarks, key=lambda r: (r.role != "decision", r.event)):
        words = clean_line(remark.text, LONGEST)
        if remark.score != lesson.score:
            unused[remark.event] = OVERRULED
        elif not any(character.isalpha() for character in words):
            unused[remark.event] = NO_WORDS
        elif any(fuzz.token_set_ratio(words, other) >= _SAME for other, _ in quoted):
            events.append(remark.event)
        elif len(quoted) == MOST_VOICES:
            unused[remark.event] = ONE_OF_MANY
        else:
            quoted.append((words, remark))
            events.append(remark.event)
    if not quoted:
        return None, unused
    cells = tuple(sorted({cell for _, remark in quoted for cell in remark.cells}))
    words = BETWEEN.join(words for words, _ in quoted)
    whole = None if judged is None or judged != judged else round(judged)
    return (
        Record(lesson.notebook, lesson.dimension, lesson.score, whole, words, cells[:12], tuple(sorted(events))),
        unused,
    )


def attributed(text: str, records: Sequence[Record], least: float) -> tuple[int, ...]:
    """Positions of the records whose words a sentence resembles most, for one that names no source.

    Args:
        text: The sentence.
        records: Where it may come from.
        least: Least likeness, 0..100; records within 10 of the best one count too.
    """
    likeness = [fuzz.token_set_ratio(text.casefold(), r.words.casefold()) for r in records]
    best = max(likeness, default=0.0)
    if best < least:
        return ()
    return tuple(n for n, value in enumerate(likeness) if value >= max(least, best - 10))
