"""Facts about encodings and scales: do they fit the columns and the models, and were they learned on training rows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nbalign.evidence.facts.features.feature_used import Used
from nbalign.evidence.facts.reading.families import is_tree, minds_codes, minds_scales, models
from nbalign.evidence.facts.reading.literals import columns_in, constants
from nbalign.evidence.facts.reading.naming import parts, quoted
from nbalign.evidence.facts.reading.places import cells_of
from nbalign.evidence.flow.data_events import Assign
from nbalign.evidence.flow.known import ENCODERS, SCALERS, TARGET_ENCODERS
from nbalign.evidence.flow.learned import in_order
from nbalign.evidence.flow.model_events import CrossValidate, Fit
from nbalign.evidence.flow.rows import TESTED, TRAINED
from nbalign.evidence.flow.trace import Trace
from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

_D = "feature_engineering"
CODES = Kind(
    "codes_for_nominal", _D, "gap", -0.45, "Nominal categories get arbitrary codes in a model that weighs them."
)
NUMBER = Kind("nominal_as_number", _D, "gap", -0.4, "A column of codes goes into a model that weighs it, as a number.")
APART = Kind(
    "dummies_made_apart", _D, "fault", -1.0, "Dummies are made apart for training and test, so columns differ."
)
UNSCALED = Kind("unscaled", _D, "gap", -0.3, "A model that minds scales gets columns that are not scaled.")
NEEDLESS = Kind("needless_scaling", _D, "gap", -0.15, "Columns are scaled although all models are trees.")
WIDE = Kind("one_hot", _D, "good", 0.1, "Nominal categories are one-hot encoded.")
ORDERED = Kind("ordered_codes", _D, "good", 0.15, "Ordered categories are coded in an order that is written down.")
SAFELY = Kind("prepared_on_training_rows", _D, "good", 0.2, "Encoders and scalers are fitted on training rows alone.")
KINDS = (CODES, NUMBER, APART, UNSCALED, NEEDLESS, WIDE, ORDERED, SAFELY)

_ORDER = re.compile(
    r"(?i)^(?:none|no|never|rarely|seldom|sometimes|often|always|very|low\w*|mid\w*|med\w*|high\w*|small\w*|large\w*|big|"
    r"x*s|m|x*l|poor|fair|good|gd|ta|ex|fa|po|excellent|bad|average|typical|cheap|expensive|premium|basic|standard|first|"
    r"second|third|one|two|three|primary|secondary|tertiary|bachelor\w*|master\w*|doctor\w*|phd|college|school|graduate|"
    r"hs|junior|senior|lead|minor|major|severe|mild|moderate|critical|mon\w*|tue\w*|wed\w*|thu\w*|fri\w*|sat\w*|sun\w*|"
    r"jan\w*|feb\w*|mar\w*|apr\w*|may|jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*|spring|summer|autumn|fall|winter|"
    r"young|adult|old|child|month|year|\d+\w*|a|b|c|d|e|f|g|yes|false|true|strongly|agree|disagree|neutral|ideal|"
    r"i[0-9a-z]?|v\w{1,3}\d?|si\d|beginner|intermediate|advanced|expert|bronze|silver|gold|platinum|dsl|fiber|fibre)$"
)
_NOMINAL = frozenset(
    ["occupation", "region", "city", "state", "country", "colour", "color", "brand", "category", "department",
     "gender", "profession", "neighborhood", "neighbourhood", "nationality", "ethnicity", "race", "zip", "zipcode"]
)  # fmt: skip


def facts(source: Source, used: Used) -> Iterator[Fact]:
    """Facts about encodings and scales."""
    names = models(source.trace)
    minding = [n for n in names if minds_codes(n)]
    ordered: list[int] = []
    coded: dict[str, list[int]] = {}
    for cells, column, is_ordered in _coded(source, used):
        if is_ordered:
            ordered += cells
        elif column not in coded:
            coded[column] = cells
    coded = {c: n for c, n in coded.items() if c != used.target and c not in used.wide and _may_reach(c, used)}
    if coded and minding:
        columns = f"categories {quoted(c for c in coded if c)}".rstrip()
        places = sorted({number for numbers in coded.values() for number in numbers})
        yield CODES.fact(f"{columns} as whole-number codes in {minding[0]}", places[:4])
    elif minding and (plain := _plain_numbers(used, coded)):
        cells = [used.first] if used.first < 10**9 else []
        yield NUMBER.fact(f"{quoted(plain)} as a number in {minding[0]}", cells)
    if ordered:
        yield ORDERED.fact("ordered categories keep their order as numbers", ordered[:4])
    yield from _apart(source)
    yield from _wide(source)
    yield from _scales(source, list(names))
    yield from _on_training(source)


def _may_reach(column: str, used: Used) -> bool:
    """Whether a coded column may reach a model, as far as that is known."""
    if not column or not used.reach or used.open:
        return column not in used.without
    return column in used.reach


def _plain_numbers(used: Used, coded: dict[str, list[int]]) -> list[str]:
    found = [n for n in used.names if n not in used.wide and n not in coded and n != used.target]
    return sorted(n for n in found if parts(n) and parts(n)[0] in _NOMINAL and len(parts(n)) <= 2)


def _coded(source: Source, used: Used) -> Iterator[tuple[list[int], str, bool]]:
    """Categories turned into whole numbers: (cells, column where named, whether in a written order)."""
    for cell in source.code.cells:
        dicts = {
            n.targets[0].id: n.value
            for n in cell.nodes
            if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name)
        }
        for node in cell.nodes:
            if isinstance(node, ast.Dict):
                yield from (([cell.number], column, order) for column, order in _dict_codes(node))
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
                column = next(iter(columns_in(node.targets[0])), "")
                if _enumerated(node.value, dicts) or _factorised(node.value):
                    yield [cell.number], column, False
    for assign in source.trace.of(Assign):
        if assign.column != used.target and any(x.how == "LabelEncoder" and x.at == assign.at for x in assign.learned):
            yield cells_of(assign.at), assign.column, False
    for fit in source.trace.of(Fit):
        if fit.estimator.name == "OrdinalEncoder":
            for column in fit.columns or ("",):
                yield cells_of(fit.at), column, "categories" in fit.estimator.params
        for part in fit.estimator.parts():
            if part.name == "OrdinalEncoder" and part is not fit.estimator:
                for column in part.columns or _outer_columns(fit, part.id) or ("",):
                    yield cells_of(part.at, fit.at), column, "categories" in part.params


def _outer_columns(fit: Fit, part: int) -> tuple[str, ...]:
    """Columns of the step of a column transformer that a part lies in."""
    for outer in fit.estimator.parts():
        if outer.columns and any(p.id == part for p in outer.parts()):
            return outer.columns
    return ()


def _dict_codes(node: ast.Dict) -> Iterator[tuple[str, bool]]:
    """Codes in a dict: itself, named by nobody, or a dict of dicts a column; and whether the keys have an order."""
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(value, ast.Dict) and isinstance(key, ast.Constant) and isinstance(key.value, str):
            keys = [k.value for k in value.keys if isinstance(k, ast.Constant) and isinstance(k.value, str)]
            numbers = [v for item in value.values for v in constants(item)]
            if len(keys) >= 3 and len(numbers) == len(keys) and _codes(numbers):
                yield key.value, _has_order(keys)


def _codes(numbers: list[object]) -> bool:
    whole = [n for n in numbers if isinstance(n, int) and not isinstance(n, bool)]
    return len(whole) == len(numbers) and sorted(whole) in ([*range(len(whole))], [*range(1, len(whole) + 1)])


def _has_order(keys: list[str]) -> bool:
    """Whether most names speak of an order, such as low, medium and high."""
    words = [re.split(r"[^A-Za-z0-9]+", key.strip())[0] for key in keys]
    return sum(bool(_ORDER.match(w)) for w in words) * 2 > len(words)


def _enumerated(value: ast.expr, dicts: dict[str, ast.expr]) -> bool:
    """Whether a column is mapped by codes that are counted off: a dict of three or more names, or `enumerate`."""
    if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.args):
        return False
    if value.func.attr not in ("map", "replace", "apply"):
        return False
    by = value.args[0]
    by = dicts.get(by.id, by) if isinstance(by, ast.Name) else by
    if isinstance(by, ast.DictComp):
        return any(isinstance(n, ast.Name) and n.id == "enumerate" for n in ast.walk(by))
    if isinstance(by, ast.Dict):
        keys = [k.value for k in by.keys if isinstance(k, ast.Constant) and isinstance(k.value, str)]
        numbers = [v for item in by.values for v in constants(item)]
        return len(keys) >= 3 and len(numbers) == len(keys) and _codes(numbers) and not _has_order(keys)
    return False


def _factorised(value: ast.expr) -> bool:
    """Whether a column becomes the codes of its categories by `cat.codes` or `factorize`."""
    if isinstance(value, ast.Attribute) and value.attr == "codes":
        return not any(isinstance(n, ast.keyword) and n.arg in ("categories", "ordered") for n in ast.walk(value))
    return any(
        isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "factorize"
        for n in ast.walk(value)
    )


def _apart(source: Source) -> Iterator[Fact]:
    """Dummies of training and test rows made one by one, without bringing the columns together."""
    made: dict[str, int] = {}
    for call in source.code.calls:
        if call.last in ("reindex", "align", "get_dummies_like"):
            return
        if call.last == "get_dummies" and call.node.args:
            first = call.node.args[0]
            name = first.id if isinstance(first, ast.Name) else ""
            if name:
                made[name.lower()] = call.cell
    train = [n for n in made if "train" in n]
    test = [n for n in made if "test" in n and "train" not in n]
    if train and test:
        yield APART.fact("get_dummies is run on training and test rows apart: their columns may differ",
                         [made[train[0]], made[test[0]]])  # fmt: skip


def _wide(source: Source) -> Iterator[Fact]:
    for call in source.code.calls:
        if call.last == "OneHotEncoder":
            yield WIDE.fact("categories are one-hot encoded", [call.cell])
            return
        if call.last == "get_dummies":
            yield WIDE.fact("categories become dummy columns", [call.cell])
            return


def _scales(source: Source, names: list[str]) -> Iterator[Fact]:
    trace = source.trace
    fits = [f for f in trace.of(Fit) if f.estimator.model is not None]
    scalers = [p for f in fits for p in f.estimator.parts() if p.name in SCALERS]
    scalers += [p for c in trace.of(CrossValidate) if c.estimator for p in c.estimator.parts() if p.name in SCALERS]
    before = [x for f in fits for x in in_order(f.carried) if x.what == "scale"]
    known = bool(scalers or before) or any(
        c.last in SCALERS or c.last in ("zscore", "normalize", "scale") for c in source.code.calls
    )
    if (scalers or before) and names and all(is_tree(n) for n in names):
        name, at = (scalers[0].name, scalers[0].at) if scalers else (before[0].how, before[0].at)
        yield NEEDLESS.fact(f"{name}, although all models but baselines are trees", cells_of(at))
    minding = [n for n in names if minds_scales(n)]
    by_hand = any(".std(" in c.cell.source or "Normalization" in c.cell.source for c in source.code.cells)
    if minding and not known and not by_hand and not _alike(trace.columns):
        fit = next(f for f in trace.events if isinstance(f, Fit | CrossValidate) and f.estimator is not None
                   and any(p.name == minding[0] for p in f.estimator.parts()))  # fmt: skip
        yield UNSCALED.fact(f"{minding[0]} gets columns that are not scaled", cells_of(fit.at))


def _alike(columns: tuple[str, ...]) -> bool:
    """Whether the columns are of one kind, such as pixels, so that no scaling is called for."""
    return any(c.lower().startswith(("pixel", "px")) for c in columns)


def _on_training(source: Source) -> Iterator[Fact]:
    """Encoders and scalers inside a pipeline with the model, or fitted on training rows; none fitted on all."""
    trace = source.trace
    wanted = SCALERS | ENCODERS | TARGET_ENCODERS
    for fit in trace.of(Fit):
        role = trace.tree.role(fit.rows)
        inside = [p for p in fit.estimator.parts() if p.name in wanted]
        if not inside or role in TESTED or "LabelEncoder" in (p.name for p in inside):
            continue
        piped = fit.estimator.model is not None
        if piped or (role in ("train", "fold train") and not _fitted_elsewhere(trace, inside[0].name)):
            how = "inside the pipeline with its model" if piped else "on training rows alone"
            yield SAFELY.fact(f"{inside[0].name} is fitted {how}", cells_of(inside[0].at, fit.at))
            return


def _fitted_elsewhere(trace: Trace, name: str) -> bool:
    """Whether a transformer of a class is fitted on other rows than training rows, too: on new ones, for instance."""
    return any(
        trace.tree.role(fit.rows) not in TRAINED
        for fit in trace.of(Fit)
        if fit.estimator.model is None and any(part.name == name for part in fit.estimator.parts())
    )
