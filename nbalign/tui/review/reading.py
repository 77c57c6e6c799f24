"""What the Review room reads, and which of it is listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from nbalign.evaluate.review import Reviewed
from nbalign.tui.desk import Desk
from nbalign.tui.review.pen import Key
from nbalign.tui.sheet import Words


@dataclass(frozen=True, slots=True)
class Reading:
    """What the room shows.

    Attributes:
        judges: Names of the judges, the latest first.
        judge: The one that is beside; empty when there is none.
        rows: The pairs, the worst first.
        drafts: Words that no score carries yet.
        scored: How many pairs the rater has scored, judged or not.
    """

    judges: tuple[str, ...] = ()
    judge: str = ""
    rows: tuple[Reviewed, ...] = ()
    drafts: Mapping[Key, Words] = field(default_factory=dict)
    scored: int = 0


@dataclass(frozen=True, slots=True)
class Filter:
    """Which pairs are listed.

    Attributes:
        dimension: Only this dimension; empty for all.
        differ: Only where rater and judge differ.
        wordless: Only those without words of the rater.
        name: Only notebooks with this in their name, case aside; empty for all.
    """

    dimension: str = ""
    differ: bool = False
    wordless: bool = False
    name: str = ""

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.dimension or self.differ or self.wordless or self.name)

    def of(self, rows: Sequence[Reviewed], has_words: Callable[[Key], bool]) -> list[Reviewed]:
        """The pairs that fit, in their order.

        Args:
            rows: All pairs.
            has_words: Whether the rater has said something of a pair.
        """
        name = self.name.casefold().strip()
        return [
            row
            for row in rows
            if (not self.dimension or row.dimension == self.dimension)
            and (not self.differ or row.apart)
            and (not name or name in row.name.casefold())
            and not (self.wordless and has_words(row.key))
        ]


def read_review(desk: Desk, judge: str) -> Reading:
    """Reads what a rater reviews; slow with many notebooks, so never on the screen's thread.

    Args:
        desk: Who works on what.
        judge: The judge that is wanted; another one, or none, where it is not there.
    """
    ws, rater, rubric = desk.workspace, desk.rater, desk.rubric.id
    judges = tuple(name for name, _, _ in ws.judges(rubric))
    chosen = judge if judge in judges else judges[0] if judges else ""
    drafts = {key: Words(text, tuple(cells)) for key, (text, cells) in ws.drafts(rater, rubric).items()}
    return Reading(
        judges=judges,
        judge=chosen,
        rows=tuple(ws.reviewed(rater, chosen, rubric)) if chosen else (),
        drafts=drafts,
        scored=sum(ws.label_counts(rater, rubric).values()),
    )
