"""Experiments as plain JSON: an exact round trip, and damaged data is refused in words."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nbalign.errors import BadInput
from nbalign.evaluate.experiment.model import ExperimentResult
from nbalign.evaluate.report.plain import as_json, from_json
from tests.evaluate.results_made import hostile, made


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type of the contract, whatever they say."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return st.one_of(*(st.none() if one is type(None) else anything(one) for one in arguments))
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(anything(arguments[0]), max_size=1).map(tuple)
    if origin is tuple:
        return st.tuples(*map(anything, arguments))
    if origin is Mapping:
        return st.dictionaries(anything(arguments[0]), anything(arguments[1]), max_size=2)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return st.builds(kind, **{field.name: anything(hints[field.name]) for field in fields(kind)})
    # Lone surrogates stand in names of files; a number that is not one equals nothing, not even itself.
    simple: dict[type, st.SearchStrategy[Any]] = {
        str: st.text(st.characters(), max_size=5),
        int: st.integers(),
        float: st.floats(allow_nan=False),
        bool: st.booleans(),
    }
    return simple[kind]


def through_text(data: Any) -> Any:
    return json.loads(json.dumps(data, allow_nan=False))


@settings(max_examples=15, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
@given(anything(ExperimentResult))
def test_whatever_an_experiment_says_comes_back_the_same(result: ExperimentResult) -> None:
    assert from_json(through_text(as_json(result))) == result


@pytest.mark.parametrize("result", [made(), hostile("\ud800\x1b</script>\u202e'\"")], ids=["rich", "hostile"])
def test_a_full_experiment_comes_back_the_same(result: ExperimentResult) -> None:
    data = as_json(result)
    again = from_json(through_text(data))
    assert again == result
    assert as_json(again) == data
    assert type(again.rows[0].confusion) is tuple
    assert list(again.predictions[0].probabilities) == list(result.predictions[0].probabilities)


def test_numbers_are_not_rounded_and_numpy_leaves_no_trace() -> None:
    result = made()
    n: Any = np.int64(3)
    strange = replace(result, rows=(replace(result.rows[0], bias=np.float64(0.1) + 0.2, n=n),), unresolved=n)
    data = through_text(as_json(strange))
    assert data["rows"][0]["bias"] == 0.1 + 0.2
    assert (data["rows"][0]["n"], data["unresolved"]) == (3, 3)


def test_a_number_that_is_none_is_written_as_a_word() -> None:
    result = made()
    odd = replace(result, predictions=(replace(result.predictions[0], expected=math.nan),))
    data = through_text(as_json(odd))
    assert data["predictions"][0]["expected"] == "nan"
    assert math.isnan(from_json(data).predictions[0].expected)


def test_what_is_left_at_its_default_may_be_missing() -> None:
    data = as_json(made())
    for one in data["predictions"]:
        del one["note"]
    assert {one.note for one in from_json(data).predictions} == {""}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), 2),
        (("format",), None),
        (("seed",), "7"),
        (("seed",), True),
        (("seed",), 7.5),
        (("rows",), {}),
        (("rows", 0), []),
        (("rows", 0, "mae"), "much"),
        (("rows", 0, "mae"), {"value": 1.0, "low": 0.5}),
        (("rows", 0, "n"), None),
        (("rows", 0, "surplus"), 1),
        (("rows", 0, "bias"), 10**400),
        (("dimensions", 0), ["one"]),
        (("folds",), [1]),
        (("guidelines", 0, "guideline", "state"), "believed"),
        (("predictions", 0, "probabilities"), {"good": 0.5}),
        (("options",), {"a": 1}),
    ],
)
def test_damaged_data_is_refused_in_words(path: tuple[Any, ...], value: object) -> None:
    data = through_text(as_json(made(4)))
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(BadInput, match="stored experiment") as caught:
        from_json(data)
    assert caught.value.hint
    assert len(caught.value.message) < 250


def test_what_is_missing_is_named() -> None:
    data = as_json(made(4))
    del data["rows"][0]["kappa"]
    with pytest.raises(BadInput, match=r"lacks experiment.rows\[0\].kappa"):
        from_json(data)
    with pytest.raises(BadInput):
        from_json([])  # type: ignore[arg-type]
