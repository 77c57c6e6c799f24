"""Facts about choice: features that are built, columns that are left out, and the words that give reasons."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from nbalign.evidence.facts.features import feature_words
from nbalign.evidence.facts.features.feature_doubts import components, in_formula, may_be_built
from nbalign.evidence.facts.features.feature_leaks import windows_of_features
from nbalign.evidence.facts.features.feature_used import Used
from nbalign.evidence.facts.reading.literals import columns_in, text_of
from nbalign.evidence.facts.reading.naming import quoted
from nbalign.evidence.facts.reading.places import cells_of
from nbalign.evidence.flow.data_events import Assign
from nbalign.evidence.flow.known import SELECTORS
from nbalign.evidence.flow.model_events import Fit
from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

_D = "feature_engineering"
BUILT = Kind("features_built", _D, "good", 0.3, "Features are built from columns: ratios, interactions, dates, lags.")
SELECTED = Kind(
    "selected_in_pipeline", _D, "good", 0.2, "Features are selected inside the pipeline or on training rows."
)
PAST = Kind("lags_look_back", _D, "good", 0.25, "Lags and windows over the target use earlier rows alone.")
NOTHING = Kind("nothing_built", _D, "gap", -0.25, "No feature is built or selected, and nothing is said about that.")
NO_ROOM = Kind("no_room_for_features", _D, "n/a", 0.0, "Nothing is trained, so that no features are chosen.")
KINDS = (BUILT, SELECTED, PAST, NOTHING, NO_ROOM, *feature_words.KINDS)

_MAKES = re.compile(
    r"\b(?:log1p|log|log2|log10|sqrt|cbrt|square|exp|sin|cos|power|dt|shift|rolling|expanding|ewm|clip|where|select|"
    r"day_of_week|dayofweek|days|hour|month|year|weekday|str|len|contains|apply|mean|sum|median|max|min|transform|"
    r"day_of_year|dayofyear|isocalendar|between|abs|cumcount|diff|isin|any|all|nunique|count|index|arange)\b"
)
_BUILDERS = (
    "FunctionTransformer", "PolynomialFeatures", "SplineTransformer", "CountVectorizer", "TfidfVectorizer",
    "KBinsDiscretizer",
)  # fmt: skip
_ASKS = re.compile(r"\.(?:nunique|isna|isnull|notna|value_counts|describe|dtypes?|predict\w*|q?cut)\(|\bpd\.q?cut\(")
_NOT_MADE = re.compile(
    r"^(?:fillna|to_datetime|to_numeric|replace|copy|fit_transform|transform_labels|predict|predict_proba|map_labels|"
    r"interpolate|ffill|bfill|dropna|rename|factorize|codes|strip|lower|upper|cut|qcut|get_dummies|round|date_range)$"
)
_PICKS = re.compile(r"\b(?:q?cut|digitize)\(|importances?\w*\.(?:index|nlargest|head)\b|importances?\w* ?>")
_ORDERED = ("shift", "rolling", "expanding", "ewm")
_MEASURED = re.compile(
    r"(?i)pred|resid|error|prob|score|fitted|forecast|flag(?:ged)?$|actual|rank|cluster|gap_pct|cumul"
)


def facts(source: Source, used: Used, found: Sequence[Fact]) -> Iterator[Fact]:
    """Facts about choice, given the facts about leaks and codes."""
    trained = any(f.estimator.model is not None for f in source.trace.of(Fit))
    if not trained and not any(f.kind.polarity in ("good", "fault") for f in found):
        unseen = source.notebook.language != "python" or source.code.unread
        if not unseen and not _names_models(source):
            yield NO_ROOM.fact("nothing is trained, so that there are no features to choose")
        return
    built = _built(source, used)
    faulty = {f.text.split(" ")[0].strip("':") for f in found if f.kind.polarity == "fault"}
    sound = {c: n for c, n in built.items() if c not in faulty}
    words = feature_words.words(source)
    if sound:
        names = quoted([c for c in sound if c])
        # Names that a loop puts together are not known: a list of the others must not read as if it were complete.
        of = (", among them " if "" in sound else ": ") + names if names else ""
        shown = sorted({n for numbers in sound.values() for n in numbers})
        yield BUILT.fact(f"features are built{of}", shown[:4])
    elif reduced := components(source):
        built[""] = (reduced[1],)
        yield BUILT.fact(f"features are built: components by {reduced[0]}, inside the pipeline", [reduced[1]])
    lags = _past(source)
    if lags:
        yield PAST.fact("lags and windows over the target look back only", lags)
    selected = _selects(source, found)
    if selected:
        yield SELECTED.fact("features are selected on training rows", selected)
    yield from feature_words.left_out(source, used, words, bool(lags))
    reasons = feature_words.reasons(words, sound, used)
    yield from reasons
    badly = any(f.kind.name == "selected_before_split" for f in found)
    if built or selected or badly or may_be_built(source, used) or _bins_or_narrows(source):
        return
    if not reasons and not feature_words.speaks(words, used):
        yield NOTHING.fact("no feature is built or selected, and no word is said about it")
    else:
        yield NOTHING.fact("no feature is built or selected", points=-0.2)


def _bins_or_narrows(source: Source) -> bool:
    """Whether a column is cut into groups and kept, or columns are picked by their weight for a model."""
    for cell in source.code.cells:
        for node in cell.nodes:
            if isinstance(node, ast.Assign) and _PICKS.search(text_of(node.value)):
                into = isinstance(node.targets[0], ast.Subscript)
                if into or "importance" in text_of(node.value):
                    return True
    return False


def _names_models(source: Source) -> bool:
    return any(re.search(r"\.fit\(|\.train\(|cross_val", c.cell.source) for c in source.code.cells)


def _built(source: Source, used: Used) -> dict[str, tuple[int, ...]]:
    """Columns that are computed from others, with their cells; those that models see, as far as that is known."""
    built: dict[str, tuple[int, ...]] = {}
    for assign in source.trace.of(Assign):
        binned = any(x.what == "bin" for x in assign.learned)
        wanted = assign.new and assign.column in used.reach and assign.at.cell <= used.first and not binned
        if wanted and assign.how and not _NOT_MADE.match(assign.how) and assign.sources != (assign.column,):
            built.setdefault(assign.column, tuple(cells_of(assign.at)))
    for cell in source.code.cells:
        if cell.number > used.first:
            break
        for node in cell.nodes:
            for name, value in makes(node):
                built.setdefault(name, (cell.number,))
                del value
    known = used.reach or None
    chosen = {}
    for name, numbers in built.items():
        if name == used.target or name in used.without or _MEASURED.search(name) or "(" in name:
            continue
        if known is not None and name and name not in known:
            continue
        chosen[name] = numbers
    if not chosen:
        chosen |= {name: (cell,) for name, cell in in_formula(source).items() if name != used.target}
    if not chosen and (own := _own_functions(source, used)):
        chosen[""] = (own,)
    return chosen


def makes(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Columns that a statement computes: (name, or empty where it is put together, expression)."""
    pairs: list[tuple[str, ast.expr]] = []
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        key = node.targets[0].slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            pairs.append((key.value, node.value))
        elif isinstance(key, ast.JoinedStr):
            pairs.append(("", node.value))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "assign":
        pairs += [(k.arg, k.value) for k in node.keywords if k.arg]
    for name, value in pairs:
        last = value.func.attr if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) else ""
        last = value.attr if isinstance(value, ast.Attribute) else last
        if _NOT_MADE.match(last) or columns_in(value) == (name,):
            continue
        text = text_of(value)
        if _ASKS.search(text):
            continue
        if any(isinstance(n, ast.BinOp | ast.Compare) for n in ast.walk(value)) or _MAKES.search(text):
            yield name, value


def _own_functions(source: Source, used: Used) -> int:
    """The cell of a transformer that runs a function of the notebook's own, or of products of columns; 0 if none."""
    for call in source.code.calls:
        if call.cell <= used.first and call.last in _BUILDERS:
            return call.cell
    return 0


def _past(source: Source) -> list[int]:
    """Cells with lags and windows over the target, where all of them look back."""
    made = [w for w, _ in windows_of_features(source) if w.of_target and w.how in _ORDERED]
    ahead = [w for w in made if not w.past_only and w.amount is not None]
    if ahead or not any(w.past_only for w in made):
        return []
    return cells_of(*(w.at for w in made))[:4]


def _selects(source: Source, found: Sequence[Fact]) -> list[int]:
    """The cells of a selector that is fitted inside a pipeline or on training rows; none if no one is."""
    if any(f.kind.name == "selected_before_split" for f in found):
        return []
    for fit in source.trace.of(Fit):
        part = next((p for p in fit.estimator.parts() if p.name in SELECTORS), None)
        train = source.trace.tree.role(fit.rows) in ("train", "fold train")
        if part is not None and (train or fit.estimator.model is not None):
            return cells_of(part.at, fit.at)
    return []
