"""Facts about filling: with what, learned from which rows, and whether that means anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbalign.evidence.facts.gaps import gap_code
from nbalign.evidence.facts.gaps.gap_story import Story
from nbalign.evidence.facts.gaps.gap_values import PLACEHOLDERS
from nbalign.evidence.facts.reading.families import only_trees
from nbalign.evidence.facts.reading.leaks import leaks, where_tested
from nbalign.evidence.facts.reading.naming import above_zero, counted, number_text, quoted
from nbalign.evidence.facts.reading.places import cells_of, makers
from nbalign.evidence.flow.data_events import Assign, Fill, Split
from nbalign.evidence.flow.event import Event
from nbalign.evidence.flow.learned import Learned
from nbalign.evidence.flow.model_events import Fit
from nbalign.evidence.flow.rows import TESTED, TRAINED
from nbalign.evidence.model import Fact, Kind

_D = "data_imputation"
LEAK = Kind("fill_learned_from_test_rows", _D, "fault", -1.6, "A fill was learned from rows that are tested on later.")
FROM_TARGET = Kind("filled_from_target", _D, "fault", -1.8, "The target helps to choose the values that fill features.")
TARGET = Kind("target_filled", _D, "fault", -1.5, "Missing values of the target itself are made up and then scored.")
NEIGHBOUR = Kind(
    "filled_from_unrelated_row", _D, "fault", -1.4, "Values are copied from the row before although rows are unordered."
)
MEANINGLESS = Kind("filled_with_meaningless", _D, "fault", -1.4, "A constant that cannot be true fills missing values.")
LAGS = Kind("lags_filled_with_zero", _D, "fault", -1.4, "Gaps that lags and windows make are filled with 0.")
TRAIN_ONLY = Kind("fill_learned_from_training", _D, "good", 0.4, "A fill was learned from training rows alone.")
PIPELINE = Kind("imputer_in_pipeline", _D, "good", 0.4, "An imputer is fitted inside the pipeline with its model.")
REBUILT = Kind("rebuilt_from_row", _D, "good", 0.4, "Missing values are computed from other columns of their row.")
PAST = Kind("filled_from_past", _D, "good", 0.4, "Gaps of a series take the last value that was known.")
CATEGORY = Kind("category_for_missing", _D, "neutral", 0.0, "Missing categories get a category of their own.")
BY_HAND = Kind("constant_by_hand", _D, "gap", -0.45, "Constants that were picked by hand fill missing values.")
ZERO = Kind("filled_with_zero", _D, "gap", -0.45, "Missing values become 0 where 0 may well not be true.")
TEST_ITSELF = Kind("test_filled_from_itself", _D, "gap", -0.5, "Test rows are filled with what was learned from them.")
ONE = Kind("one_fill_for_all", _D, "gap", -0.2, "One statistic fills all columns alike.")
MADE = Kind("own_gaps_filled", _D, "gap", -0.4, "Gaps that lags make are filled with one statistic.")
BACKWARDS = Kind("first_filled_backwards", _D, "gap", -0.3, "The first values of a series are filled from later ones.")
KINDS = (
    LEAK, FROM_TARGET, TARGET, NEIGHBOUR, MEANINGLESS, LAGS, TRAIN_ONLY, PIPELINE, REBUILT, PAST,
    CATEGORY, BY_HAND, ZERO, TEST_ITSELF, ONE, MADE, BACKWARDS,
)  # fmt: skip
_FROM_LATER = ("bfill", "interpolate")
_BANDS = ("qcut", "cut", "rank", "round", "digitize")
_GROUPED = re.compile(r"groupby\(\s*\[?\s*[\"']([^\"']{1,60})[\"']\s*[\]),]")
_OWN_CATEGORY = ("none", "unknown", "missing", "other", "n/a", "na", "no", "nan", "absent", "not")


def facts(story: Story) -> Iterator[Fact]:
    """Facts about filling."""
    yield from _learned(story)
    yield from _constants(story)
    yield from _imputers(story)
    for found in gap_code.rebuilt(story.source):
        what = quoted(found.columns) or "missing values"
        yield REBUILT.fact(f"{what} computed from other columns of the same row", [found.cell])
        break


def _learned(story: Story) -> Iterator[Fact]:
    """Fills by something that was learned from rows."""
    leaking = leaks(story.source.trace)
    by_place = {(x.at.cell, x.at.line, x.how): event for x, event in leaking.values() if x.what == "fill"}
    tree = story.source.trace.tree
    stated: set[str] = set()
    past_lines = {(f.at.cell, f.at.line) for f in story.fills if "ffill" in f.how}
    smoothed = {(f.at.cell, f.at.line) for f in story.fills if "interpolate" in f.how}
    trace = story.source.trace
    for fill in story.fills:
        here = (fill.at.cell, fill.at.line)
        if fill.how in ("constant", "values") or ("bfill" in fill.how and here in smoothed):
            continue
        what = _what(fill)
        fact: Fact | None = None
        learned = fill.learned
        if learned is not None and _by_target(story, learned):
            fact = FROM_TARGET.fact(f"{what} takes its values by the target, which is then predicted from them",
                                    cells_of(fill.at, learned.at))  # fmt: skip
        elif _fills_target(story, fill):
            text = f"missing values of the target {story.target!r} are made up by {what}"
            fact = TARGET.fact(text, cells_of(fill.at))
        elif learned is not None and (event := _leak(learned, leaking, by_place)) is not None:
            if "bfill" in fill.how and here in past_lines and story.in_order():
                fact = BACKWARDS.fact(f"{what}: the first values come from later ones", cells_of(fill.at))
            else:
                later = fill.how.endswith(_FROM_LATER) and story.in_order()
                rows = "later rows" if later else "all rows"
                cells = cells_of(learned.at, event.at, *makers(trace, learned))
                fact = LEAK.fact(f"{what} learned from {rows}, {where_tested(event)}", cells)
        elif fill.how in ("ffill", "group ffill"):
            fact = _forward(story, fill, what)
        elif learned is not None and tree.role(learned.rows) in TRAINED:
            cells = cells_of(learned.at, fill.at, *makers(trace, learned))
            fact = TRAIN_ONLY.fact(f"{what} learned from training rows alone", cells)
        elif learned is not None and tree.role(learned.rows) in TESTED:
            cells = cells_of(fill.at, *makers(trace, learned))
            fact = TEST_ITSELF.fact(f"{what} learned from the test rows themselves", cells)
        if fact is not None and fact.kind.name + what not in stated:
            stated.add(fact.kind.name + what)
            yield fact
    told = {f.learned.id for f in story.fills if f.learned is not None}
    for learned, event in leaking.values():
        # Fills that no method says: drawn around a mean, put in by a condition, or by a package of imputers.
        new = learned.what == "fill" and learned.id not in told and "leak" + learned.how not in stated
        if new and not any(f.learned is not None and f.learned.at.cell == learned.at.cell for f in story.fills):
            stated.add("leak" + learned.how)
            text = f"a fill ({learned.how[:20]}) learned from all rows, {where_tested(event)}"
            yield LEAK.fact(text, cells_of(learned.at, event.at))


def _fills_target(story: Story, fill: Fill) -> bool:
    """Whether the target is filled; a fill of a whole table means it only where the target is known to have gaps."""
    if not story.target or story.target not in fill.columns or fill.how.endswith("ffill"):
        return False
    return len(fill.columns) == 1 or story.target in story.gaps


def _leak(
    learned: Learned, leaking: dict[int, tuple[Learned, Event]], by_place: dict[tuple[int, int, str], Event]
) -> Event | None:
    """The event that shows a fill to leak; the same fill may have been noted twice, when read and when written."""
    if learned.id in leaking:
        return leaking[learned.id][1]
    return by_place.get((learned.at.cell, learned.at.line, learned.how))


def _forward(story: Story, fill: Fill, what: str) -> Fact | None:
    splits = story.source.trace.of(Split)
    if story.in_order():
        return PAST.fact(f"{what}: only earlier values are used", cells_of(fill.at))
    text = story.source.notebook.cell(fill.at.defined or fill.at.cell).source
    grouped = fill.how != "ffill" or "groupby" in text or "sort_" in text
    if any(s.shuffled for s in splits) and not grouped:
        return NEIGHBOUR.fact(f"{what} copies values from the row before, another case", cells_of(fill.at))
    return None


def _by_target(story: Story, learned: Learned) -> bool:
    """Whether a fill was learned by groups of the target, or by a column that was cut from it."""
    if learned.uses_target and learned.how not in ("KNNImputer", "IterativeImputer", "SimpleImputer"):
        return True
    if not story.target:
        return False
    lines = story.source.notebook.cell(learned.at.defined or learned.at.cell).source.split("\n")
    keys = set(_GROUPED.findall("\n".join(lines[max(learned.at.line - 2, 0) : learned.at.line + 1])[:4_000]))
    made = {a.column for a in story.source.trace.of(Assign) if story.target in a.sources and a.how in _BANDS}
    return bool(keys & (made | {story.target}))


def _constants(story: Story) -> Iterator[Fact]:
    trees = only_trees(story.source.trace)
    stated: set[tuple[object, ...]] = set()
    by_hand: list[tuple[str, Fill]] = []
    last = max((f.at.cell for f in story.source.trace.of(Fit)), default=10**9)
    for fill in story.fills:
        value = fill.value
        key = (str(value), fill.columns)
        if fill.how != "constant" or key in stated or not fill.rows or fill.at.cell > last:
            continue
        stated.add(key)
        where = quoted(fill.columns) or "values of all columns"
        cells = cells_of(fill.at)
        if isinstance(value, str):
            if value.strip().lower().split(" ")[0] in _OWN_CATEGORY:
                yield CATEGORY.fact(f"missing {where} become {value[:20]!r}", cells)
            else:
                by_hand.append((f"{quoted(fill.columns) or 'all columns'} {value[:20]!r}", fill))
        elif isinstance(value, bool) or not isinstance(value, int | float):
            continue
        elif value in PLACEHOLDERS and not trees and not gap_code.coded_later(story.source, fill, story.gaps):
            yield MEANINGLESS.fact(
                f"missing {where} become {number_text(value)}, which the model takes for a value", cells
            )
        elif value == 0:
            yield from _zero(story, fill, where)
        else:
            by_hand.append((f"{quoted(fill.columns) or 'all columns'} {number_text(value)}", fill))
    if by_hand:
        shown = ", ".join(text[:44] for text, _ in by_hand[:3])
        more = f" and {len(by_hand) - 3} more" if len(by_hand) > 3 else ""
        yield BY_HAND.fact(f"missing values become constants: {shown}{more}", cells_of(*(f.at for _, f in by_hand)))


def _zero(story: Story, fill: Fill, where: str) -> Iterator[Fact]:
    tree = story.source.trace.tree
    before = (fill.at.cell, fill.at.line)
    windows = [w for w in story.windows if (w.at.cell, w.at.line) <= before and tree.overlap(w.rows, fill.rows)]
    shifts = [w for w in windows if w.how in ("shift", "rolling", "expanding", "ewm")]
    written = {a.column for a in story.source.trace.of(Assign) if a.at == fill.at}
    if shifts and (not fill.columns or _made_by(story, {*fill.columns, *written})):
        yield LAGS.fact("gaps that the lags make are filled with 0, which reads as a value",
                        cells_of(fill.at, shifts[0].at))  # fmt: skip
        return
    gaps = [c for c in story.gaps if c not in (story.target,)]
    columns = list(fill.columns) or gaps
    wrong = [c for c in columns if above_zero(c)]
    if wrong and not gap_code.coded_later(story.source, fill, wrong):
        yield MEANINGLESS.fact(f"missing {quoted(wrong)} become 0, a value that they cannot have", cells_of(fill.at))
    elif any(not counted(c) for c in columns) or (not columns and not story.complete):
        yield ZERO.fact(f"missing {where} become 0", cells_of(fill.at))


def _made_by(story: Story, columns: set[str]) -> bool:
    """Whether columns were made by lags or windows."""
    places = {(w.at.cell, w.at.line) for w in story.windows}
    made = {a.column for a in story.source.trace.of(Assign) if (a.at.cell, a.at.line) in places}
    return any(c in made for c in columns)


def _imputers(story: Story) -> Iterator[Fact]:
    tree = story.source.trace.tree
    stated = False
    for imputer in story.imputers:
        role = tree.role(imputer.rows)
        if not stated and role not in TESTED:
            how = f"{imputer.note.name}({_strategy(imputer.note.params)})"
            yield PIPELINE.fact(f"{how} sits inside the pipeline and learns from the rows it is fitted on",
                                cells_of(imputer.note.at, imputer.at))  # fmt: skip
            stated = True
    learned = [i.note for i in story.imputers]
    strategies = {_strategy(n.params) for n in learned}
    others = {f.how for f in story.fills} | {"rebuilt" for _ in gap_code.rebuilt(story.source)}
    named = {n.columns for n in learned if n.columns}
    several = len(story.gaps) != 1
    made = [n.at for n in learned[:1]] + [w.at for w in story.windows[:1]]
    if learned and len(strategies) == 1 and not others and not named and several and not story.drops:
        cells = cells_of(learned[0].at)
        if story.windows and not story.gaps:
            yield MADE.fact("gaps that the lags make are filled with one statistic", cells_of(*made))
        elif not gap_code.flagged(story.source):
            yield ONE.fact(f"one fill ({_strategy(learned[0].params)}) for all columns", cells)
    elif learned and story.windows and not story.gaps and not story.before and not gap_code.flagged(story.source):
        yield MADE.fact("gaps that the lags make are filled with one statistic", cells_of(*made))


def _strategy(params: dict[str, object]) -> str:
    value = params.get("strategy")
    return value[:20] if isinstance(value, str) else "mean"


def _what(fill: Fill) -> str:
    direct = fill.how[:1].isupper() or fill.how.endswith(("ffill", *_FROM_LATER))
    name = fill.how if direct else f"fillna({fill.how})"
    return f"{name} of {quoted(fill.columns, 2)}" if fill.columns else name
