"""Facts about looking: gaps counted or not, placeholders recognised or not, reasons given, nothing missing at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nbalign.evidence.facts.gaps import gap_code
from nbalign.evidence.facts.gaps.gap_story import Story
from nbalign.evidence.facts.reading.naming import never_zero, quoted
from nbalign.evidence.facts.reading.places import cells_of
from nbalign.evidence.facts.reading.tables import described, lines_of
from nbalign.evidence.flow.model_events import Fit, Metric
from nbalign.evidence.model import Fact, Kind

_D = "data_imputation"
COUNTED = Kind("missing_counted", _D, "good", 0.25, "Outputs show how many values are missing before they are treated.")
COMPARED = Kind("missing_compared", _D, "good", 0.2, "Rows with and without a value are compared by the target.")
FLAGGED = Kind("missing_flagged", _D, "good", 0.15, "An indicator column remembers where a value was missing.")
REASONED = Kind("missing_reasoned", _D, "good", 0.2, "Words give a reason for the way in which gaps are treated.")
RECOGNISED = Kind(
    "placeholder_recognised", _D, "good", 0.3, "A placeholder such as -1, 999 or '?' is recognised as missing."
)
NOT_COUNTED = Kind("missing_not_counted", _D, "gap", -0.35, "Gaps are treated that were never counted.")
NOT_TREATED = Kind("missing_not_treated", _D, "gap", -0.6, "Outputs show gaps, and nothing fills or drops them.")
KEPT = Kind("placeholder_kept", _D, "gap", -0.2, "Outputs show a placeholder that nothing turns into a missing value.")
FAILED = Kind("failed_on_missing", _D, "fault", -1.5, "A step failed because missing values were left in.")
NONE = Kind("nothing_missing", _D, "n/a", 0.0, "Outputs show no missing value, none is made, and nothing is filled.")
UNKNOWN = Kind("missing_not_looked_at", _D, "neutral", 0.0, "Missing values are neither looked at nor treated.")
NO_NEED = Kind(
    "complete_by_fit", _D, "n/a", 0.0, "A model that refuses gaps was fitted on data in which nothing was filled."
)
KINDS = (
    COUNTED, COMPARED, FLAGGED, REASONED, RECOGNISED, NOT_COUNTED, NOT_TREATED, KEPT, FAILED, NONE, UNKNOWN, NO_NEED,
)  # fmt: skip

_ABOUT = (
    r"\b(?:missing|gaps?|empty (?:cells?|values?|fields?)|impute[dr]?|imputation|fill(?:ed|ing)?|interpolat\w+|"
    r"incomplete|nans?|placeholder|carried forward|last (?:known|measured) value|not recorded|no (?:figure|value))\b"
)
_WHY = (
    r"\b(?:because|since|so that|hence|therefore|skewed|safer|rather than|better guess|"
    r"would (?:not have|bias|borrow|blur)|"
    r"from the same row|customer's own row|training (?:rows|part|data|folds|median)|only the past|not be known|"
    r"looks? (?:close to )?random|robust|cannot learn|could not have)\b"
)
# A reason belongs to the clause it stands in: none is carried over the end of a sentence, or to the next step.
_ON = r"(?:(?!\n|[.;!?]\s|, and )[\s\S]){0,160}"
_REASON = re.compile(rf"{_ABOUT}{_ON}{_WHY}|{_WHY}{_ON}{_ABOUT}")
_COMPARES = re.compile(
    r"(?:rate|share|mean|churn|default|target|delay)\w*[^\n]{0,60}"
    r"(?:whether|with and without|missing or|if missing|is missing)|"
    r"(?:missing|gaps?|without)[^\n]{0,80}(?:somewhat more often|about the same|random|more often|same rate)"
)
# Models of scikit-learn that raise an error when a value is missing, in every release.
_REFUSE = re.compile(
    r"^(?:LinearRegression|LogisticRegression(?:CV)?|Ridge(?:CV|Classifier)?|Lasso(?:CV)?|ElasticNet(?:CV)?|"
    r"SGD(?:Classifier|Regressor)|(?:Linear|Nu)?SV[CR]|KNeighbors(?:Classifier|Regressor)|MLP(?:Classifier|Regressor)|"
    r"GaussianNB|MultinomialNB|GradientBoosting(?:Classifier|Regressor)|PoissonRegressor|LinearDiscriminantAnalysis)$"
)


def facts(story: Story, treated: Sequence[Fact]) -> Iterator[Fact]:
    """Facts about looking, given the facts about what was filled or dropped."""
    acts = bool(story.fills or story.drops or story.imputers)
    fills = bool(story.fills or story.imputers)
    gaps = story.gaps
    complete = story.complete
    known = bool(gaps) or any(c.total > 0 for c in story.before)
    for cell, message in story.errors[:2]:
        yield FAILED.fact(f"a step failed on missing values ({message[:40]})", [cell])
    if known:
        yield from _counted(story, gaps)
    placeholders = list(_placeholders(story))
    yield from placeholders
    faults = any(f.kind.polarity == "fault" for f in treated) or bool(story.errors)
    own = story.makes_gaps and fills
    hidden = any(f.kind is KEPT or f.kind is RECOGNISED for f in placeholders)
    if complete and not own and not faults and not hidden:
        if _unseen(story):
            return
        yield NONE.fact("the outputs show no missing value in the data as it came", complete)
        return
    if acts and not known and not complete and not story.asked:
        # Dropping uncounted rows is one carelessness, and is charged once.
        dropped = any(f.kind.name == "incomplete_rows_dropped" for f in treated)
        yield NOT_COUNTED.fact("gaps are treated, but never counted", points=-0.1 if dropped else None)
    if known and not acts and not story.errors and not gap_code.rebuilt(story.source):
        done = gap_code.treated_anywhere(story.source)
        left = [c for c in gaps if done is not None and c not in done]
        none_left = done is None or (gaps and not left) or any(c.whole and not c.total for c in story.checks)
        where = quoted(left) or "some columns"
        if not none_left:
            yield NOT_TREATED.fact(f"gaps in {where} are shown, and nothing treats them")
    if not known and not acts and not faults and not hidden and not complete and not _unseen(story):
        yield _unknown(story)
    if acts or known:
        yield from _care(story)


def _counted(story: Story, gaps: dict[str, float]) -> Iterator[Fact]:
    shown = [f"{c!r} {n:g}" if n >= 1 else f"{c!r} {n:.1%}" for c, n in sorted(gaps.items(), key=lambda g: -g[1])]
    text = ", ".join(s[:40] for s in shown[:3]) or f"{max(c.total for c in story.before):g} in all"
    cells = [c.cell for c in story.before if c.found or c.total > 0]
    asked = {a.cell for a in story.asked}
    if asked or any(c.whole for c in story.before if c.found):
        yield COUNTED.fact(f"missing values are counted: {text}", cells)
    else:
        # The counts of describe() show them to whoever reads them; nobody asked.
        yield COUNTED.fact(f"describe() shows missing values: {text}", cells, 0.1)


def _care(story: Story) -> Iterator[Fact]:
    compared = gap_code.compared_with_target(story.source)
    words = [cell for cell, text in story.words if _COMPARES.search(text) and "missing" in text]
    if compared or words:
        yield COMPARED.fact("missingness is compared with the target", [f.cell for f in compared] or words[:1])
    if flags := gap_code.flagged(story.source):
        yield FLAGGED.fact("an indicator keeps where values were missing", [f.cell for f in flags][:4])
    reasons = [cell for cell, text in story.words if _REASON.search(text)]
    if reasons:
        yield REASONED.fact("words give a reason for how gaps are treated", reasons[:3])


def _placeholders(story: Story) -> Iterator[Fact]:
    recognised: set[str] = set()
    seen = [f for f in story.placeholders if f.values]
    if seen:
        recognised.update(c for f in seen for c in f.columns)
        of = f" of {quoted(recognised, 2)}" if recognised else ""
        value = repr(seen[0].values[0])[:12]
        yield RECOGNISED.fact(f"{value}{of} is recognised as missing", [f.cell for f in seen][:3])
        if any(not f.columns for f in seen):
            return
    for zero in story.zeros:
        recognised.update(zero.columns)
        if (true := [c for c in zero.columns if never_zero(c)]) and len(true) == len(zero.columns):
            yield RECOGNISED.fact(f"a zero in {quoted(true, 2)} is recognised as missing", [zero.cell])
    for column, (cell, number, role) in suspicious(story).items():
        if column not in recognised and not _dropped(story, column):
            yield KEPT.fact(f"the {role} of {column[:24]!r} is {number:g}, likely a code, and stays a value", [cell])


def suspicious(story: Story) -> dict[str, tuple[int, float, str]]:
    """Columns whose extreme value in a `describe()` looks like a code: (cell, value, minimum or maximum)."""
    found: dict[str, tuple[int, float, str]] = {}
    for cell in story.source.code.cells:
        if "describe" not in cell.cell.source or "groupby" in cell.cell.source:
            continue
        for output in cell.cell.outputs:
            for column, stats in described(lines_of(output.text)).items():
                low, high, quarter = stats.get("min"), stats.get("max"), stats.get("25%")
                middle = stats.get("50%", stats.get("mean"))
                if low is None or high is None or middle is None or column == story.target:
                    continue
                if low in (-1.0, -9.0, -99.0, -999.0, -9999.0) and middle > 0 and (quarter is None or quarter >= low):
                    std = stats.get("std", 0.0)
                    if low < -1 or (float(middle).is_integer() and std >= 1.5 and column.lower() not in ("lat", "lon")):
                        found.setdefault(column, (cell.number, low, "minimum"))
                elif high in (999.0, 9999.0, 99999.0, 999999.0) and middle < 0.85 * high:
                    found.setdefault(column, (cell.number, high, "maximum"))
                elif low == 0 and never_zero(column) and _far_from_zero(stats):
                    found.setdefault(column, (cell.number, 0.0, "minimum"))
    return found


def _far_from_zero(stats: dict[str, float]) -> bool:
    """Whether zero lies far below all the rest: a year of 0 among years, a weight of 0 among weights."""
    quarter = stats.get("25%", stats.get("mean", 0.0))
    top = stats.get("75%", stats.get("max", 0.0))
    return quarter > 0 and quarter > 0.5 * top


def _dropped(story: Story, column: str) -> bool:
    """Whether no model sees a column, as far as the columns are known."""
    used = [set(f.columns) for f in story.source.trace.of(Fit) if f.columns]
    return bool(used) and not any(column in columns for columns in used)


def _unseen(story: Story) -> bool:
    """Whether what the code does was not read: another language, or parts unread and no estimator found."""
    source = story.source
    return source.notebook.language != "python" or bool(source.code.unread and not source.trace.of(Fit))


def _unknown(story: Story) -> Fact:
    failed = {c.number for c in story.source.notebook.cells if any(o.kind == "error" for o in c.outputs)}
    run = {c.number for c in story.source.notebook.cells if c.execution_count is not None}
    measured = any(m.at.cell in run for m in story.source.trace.of(Metric))
    for fit in story.source.trace.of(Fit):
        model = fit.estimator.model
        if model is None or not _REFUSE.match(model.name) or not fit.rows or not measured:
            continue
        if fit.at.cell in run and fit.at.cell not in failed:
            return NO_NEED.fact(f"{model.name} refuses gaps and was fitted with nothing filled: none are in its data",
                                cells_of(fit.at))  # fmt: skip
    return UNKNOWN.fact("missing values are neither looked at nor treated")
