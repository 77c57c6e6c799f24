"""Facts about dropping: which rows go for missing values, how many, and what that does to a series."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbalign.evidence.facts.gaps.gap_story import Story
from nbalign.evidence.facts.reading.naming import quoted
from nbalign.evidence.facts.reading.places import cells_of
from nbalign.evidence.facts.reading.tables import infos, lines_of
from nbalign.evidence.flow.data_events import DropRows, Window
from nbalign.evidence.flow.model_events import Fit
from nbalign.evidence.model import Fact, Kind

_D = "data_imputation"
DROPPED = Kind("incomplete_rows_dropped", _D, "gap", -0.3, "Rows with missing values are dropped instead of filled.")
UNSAID = Kind("loss_unsaid", _D, "gap", -0.05, "How many rows a drop costs is neither shown nor said.")
SAID = Kind("loss_said", _D, "good", 0.1, "How many rows a drop costs is shown or said.")
LARGE = Kind("many_rows_dropped", _D, "fault", -1.4, "Dropping incomplete rows costs 30 % of them or more.")
CUT = Kind("series_cut", _D, "fault", -1.4, "Rows are dropped from a series whose lags are then counted in rows.")
TARGET_ROWS = Kind("rows_without_target_left_out", _D, "good", 0.1, "Rows without a target are left out, not filled.")
LAG_ROWS = Kind(
    "rows_without_lags_dropped", _D, "neutral", 0.0, "The first rows, for which lags do not exist, are dropped."
)
SAFEGUARD = Kind("needless_drop", _D, "neutral", 0.0, "Incomplete rows are dropped though outputs show none.")
KINDS = (DROPPED, UNSAID, SAID, LARGE, CUT, TARGET_ROWS, LAG_ROWS, SAFEGUARD)

_LARGE = 0.3
_MUCH = 0.1  # from this share on a drop weighs more
_SHAPE = re.compile(r"^\(?(\d{1,15}), \d{1,15}\)")
_ARROW = re.compile(r"(\d[\d,]{0,15})\s*(?:->|→|to|of)\s*(?:the )?(\d[\d,]{0,15})")
_LOST = r"\b(?:dropp?(?:ed|ing|s)?|loses?|losing|loss|lost|leaves?|left|remain\w*|remov\w+|incomplete)\b"
_MANY = (
    r"(?:\d+(?:\.\d+)? ?%|"
    r"\d[\d,]{0,15} (?:rows|cases|cars|records|weeks|days|of|loans|customers|samples|observations))"
)
_SAYS = re.compile(rf"{_LOST}[^\n]{{0,80}}?{_MANY}|{_MANY}[^\n]{{0,80}}?{_LOST}")


def facts(story: Story) -> Iterator[Fact]:
    """Facts about dropping."""
    stated: set[str] = set()
    for drop in story.drops:
        for fact in _facts_of(story, drop):
            if fact.kind.name not in stated:
                stated.add(fact.kind.name)
                yield fact


def _facts_of(story: Story, drop: DropRows) -> Iterator[Fact]:
    cells = cells_of(drop.at)
    target = story.target
    if target and set(drop.columns) == {target}:
        yield TARGET_ROWS.fact(f"rows without {target!r} are left out", cells)
        return
    trained = [f.at for f in story.source.trace.of(Fit) if f.estimator.model is not None]
    if trained and all((drop.at.cell, drop.at.line) > (at.cell, at.line) for at in trained):
        return
    lags = _lags_before(story, drop)
    if lags:
        yield LAG_ROWS.fact("the first rows, which have no lags, are dropped", cells_of(drop.at, lags[-1].at))
        return
    before, after = _rows(story, drop)
    lost = 1 - after / before if before and 0 < after <= before else None
    if story.blanked or story.zeros:
        lost = lost if lost else None
    elif story.complete or lost == 0:
        yield SAFEGUARD.fact("incomplete rows are dropped, though the outputs show none", cells)
        return
    share = f" ({lost:.0%} of the rows)" if lost else ""
    where = f" in {quoted(drop.columns)}" if drop.columns else ""
    if lost and lost >= _LARGE:
        yield LARGE.fact(f"rows with missing values{where} are dropped{share}", cells)
    else:
        text = f"rows with missing values{where} are dropped, not filled{share}"
        yield DROPPED.fact(text, cells, -0.5 if lost and lost >= _MUCH else None)
    if after_lags := _cuts_series(story, drop):
        yield CUT.fact("rows go missing from the series before its lags, which are counted in rows",
                       cells_of(drop.at, after_lags[0].at))  # fmt: skip
    places = {drop.at.cell, drop.at.defined or drop.at.cell}
    near = [c for c, text in story.words if min(abs(c - place) for place in places) <= 3 and _SAYS.search(text)]
    if after or near:
        yield SAID.fact("the loss is shown or said", near or cells)
    else:
        yield UNSAID.fact("how many rows that costs is not shown beside it, nor said", cells)


def _lags_before(story: Story, drop: DropRows) -> list[Window]:
    """Lags and windows that had been made when rows were dropped, on the same rows."""
    tree = story.source.trace.tree
    early = [w for w in story.windows if story.before_in_order(w, drop)]
    return [w for w in early if not drop.rows or tree.overlap(w.rows, drop.rows)]


def _cuts_series(story: Story, drop: DropRows) -> list[Window]:
    """Lags counted in rows that come after the drop."""
    if not story.in_order() or drop.columns:
        return []
    tree = story.source.trace.tree
    late = [w for w in story.windows if w.how == "shift" and story.before_in_order(drop, w)]
    return [w for w in late if tree.overlap(drop.rows, w.rows)]


def _rows(story: Story, drop: DropRows) -> tuple[int, int]:
    """Rows before and after as the outputs show them; 0 where they do not."""
    cells = [c for c in story.source.notebook.cells if c.kind == "code"]
    before = 0
    for cell in cells:
        if cell.number >= drop.at.cell:
            break
        for output in cell.outputs:
            lines = lines_of(output.text)
            shown = [i.rows for i in infos(lines)] + [int(m.group(1)) for line in lines if (m := _SHAPE.match(line))]
            before = max([before, *shown])
    here = [c for c in cells if drop.at.cell <= c.number][:2]
    for position, cell in enumerate(here):
        for output in cell.outputs:
            if output.kind == "error":
                continue
            if not position and (arrow := _ARROW.search(output.text)):
                first, second = (int(g.replace(",", "")) for g in arrow.groups())
                if first >= second > 0:
                    return first, second
                if 0 < first < second == before:
                    return second, first
            for line in lines_of(output.text):
                shape = _SHAPE.match(line) or re.match(r"^(\d{1,15})(?: [\d.]+)?$", line)
                if shape and before and before / 20 <= int(shape.group(1)) <= before:
                    return before, int(shape.group(1))
    return before, 0
