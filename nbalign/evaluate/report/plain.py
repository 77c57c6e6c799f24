"""An experiment as plain JSON and back, exactly: how experiments are stored and handed to other programs.

Both directions follow the types of the contract (`nbalign.evaluate.experiment.model`), so a new field needs no change
here. Tuples become lists and whole-number keys become strings, as JSON has neither; numbers are not rounded; numbers
that are not finite become the strings `nan`, `inf` and `-inf`, since standard JSON has no word for them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from nbalign.errors import BadInput
from nbalign.evaluate.experiment.model import ExperimentResult
from nbalign.notebooks.sanitise import clean_line

FORMAT = 1  # raised whenever older data could no longer be read as they are
_NOT_FINITE = ("nan", "inf", "-inf")
_HINT = "Run the experiment again; answers and judgements that are known are not computed twice."


def as_json(result: ExperimentResult) -> dict[str, Any]:
    """The experiment as dicts with text keys, lists, text, numbers, booleans and None; `json.dumps` takes it.

    Returns:
        One key a field, in their order, after `format`, the number of this form.
    """
    return {"format": FORMAT, **_encoded(result)}


def from_json(data: Mapping[str, Any]) -> ExperimentResult:
    """The experiment that `as_json` made this of: equal to it, field by field.

    Args:
        data: Also after a trip through `json.dumps` and `json.loads`.

    Raises:
        BadInput: If something is missing, unknown or of the wrong type, or the format is newer.
    """
    if not isinstance(data, Mapping):
        raise BadInput("a stored experiment is no JSON object", _HINT)
    if data.get("format") != FORMAT:
        raise BadInput(
            f"a stored experiment has the format {data.get('format')!r:.40}, and this nbalign reads {FORMAT}", _HINT
        )
    content = {name: value for name, value in data.items() if name != "format"}
    return cast(ExperimentResult, _decoded(content, ExperimentResult, "experiment"))


def _encoded(value: object) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Integral):  # NumPy's numbers too
        return int(value)
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, Mapping):
        return {str(_encoded(key)): _encoded(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_encoded(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _encoded(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no plain form")


def _decoded(value: Any, kind: Any, where: str) -> Any:
    """Reads a value as a type of the contract."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if value is None and NoneType in arguments:
            return None
        (kind,) = (one for one in arguments if one is not NoneType)
        return _decoded(value, kind, where)
    if origin is Literal:
        return value if value in arguments else _refuse(value, where)
    if origin is tuple:
        return _tuple(value, arguments, where)
    if origin is Mapping:
        if not isinstance(value, Mapping):
            _refuse(value, where)
        key, content = arguments
        return {_key(name, key, where): _decoded(one, content, f"{where}.{name}") for name, one in value.items()}
    if is_dataclass(kind):
        return _dataclass(value, cast(type, kind), where)
    if kind is float and isinstance(value, str) and value in _NOT_FINITE:
        return float(value)
    if kind is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            _refuse(value, where)
    return value if type(value) is kind else _refuse(value, where)


def _tuple(value: Any, arguments: tuple[Any, ...], where: str) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        _refuse(value, where)
    kinds = [arguments[0]] * len(value) if arguments[-1] is Ellipsis else list(arguments)
    if len(kinds) != len(value):
        _refuse(value, where)
    return tuple(_decoded(one, kind, f"{where}[{n}]") for n, (one, kind) in enumerate(zip(value, kinds, strict=True)))


def _key(name: Any, kind: Any, where: str) -> Any:
    if kind is int:
        try:
            return int(name)
        except (TypeError, ValueError):
            _refuse(name, where)
    return name if isinstance(name, str) else _refuse(name, where)


def _dataclass(value: Any, kind: type, where: str) -> Any:
    if not isinstance(value, Mapping):
        _refuse(value, where)
    known = _fields(kind)
    for name in value:
        if name not in known:
            raise BadInput(f"a stored experiment has an unknown field: {where}.{clean_line(str(name), 40)}", _HINT)
    read = {}
    for name, (hint, needed) in known.items():
        if name in value:
            read[name] = _decoded(value[name], hint, f"{where}.{name}")
        elif needed:
            raise BadInput(f"a stored experiment lacks {where}.{name}", _HINT)
    return kind(**read)


@cache
def _fields(kind: type) -> dict[str, tuple[Any, bool]]:
    """Field -> (its type, whether it must be given). Looked up once a class: there are thousands of predictions."""
    hints = get_type_hints(kind)
    return {
        field.name: (hints[field.name], field.default is MISSING and field.default_factory is MISSING)
        for field in fields(cast(Any, kind))
    }


def _refuse(value: Any, where: str) -> Any:
    shown = clean_line(f"{where} is {value!r}", 160)
    raise BadInput(f"a stored experiment is damaged: {shown}", _HINT)
