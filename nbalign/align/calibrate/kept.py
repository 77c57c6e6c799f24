"""Calibrations as JSON values, exactly: memories that hold them never change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nbalign.align.calibrate.families import BLOCK_OF, BLOCKS
from nbalign.align.calibrate.fitted import Fitted, Signal
from nbalign.align.calibrate.line import Line, Slopes
from nbalign.align.calibrate.model import FloatArray
from nbalign.align.calibrate.spread import Spread
from nbalign.errors import StoreError
from nbalign.rubrics.model import Scale

_FORMAT = 1


def to_json(fitted: Fitted) -> dict[str, Any]:
    """What is kept of a calibration; floats are written in full, so nothing is lost."""
    return {
        "format": _FORMAT,
        "on": fitted.on,
        "why": fitted.why,
        "values": list(fitted.scale.values),
        "not_applicable": fitted.scale.not_applicable,
        "wanted": list(fitted.wanted),
        "blocks": dict(fitted.blocks),
        "frequencies": {str(value): count for value, count in fitted.frequencies.items()},
        "signals": {name: [signal.fired, signal.right] for name, signal in fitted.signals.items()},
        "ordinal": None if fitted.ordinal is None else _line(fitted.ordinal),
        "na": None if fitted.na is None else _line(fitted.na),
    }


def _line(line: Line) -> dict[str, Any]:
    spread = line.spread
    return {
        "starts": {name: list(pair) for name, pair in line.starts.items()},
        "intercept": line.intercept,
        "families": {
            family: {
                "keys": list(slopes.keys),
                "shown": list(slopes.shown),
                "centre": slopes.centre.tolist(),
                "spread": slopes.spread.tolist(),
                "slope": slopes.slope.tolist(),
            }
            for family, slopes in line.families.items()
        },
        "spread": {
            "levels": list(spread.levels),
            "error": spread.error,
            "centres": list(spread.centres),
            "width": spread.width,
            "prior": list(spread.prior),
            "looking": spread.looking,
        },
        "moves": dict(line.moves),
    }


def of_json(values: Mapping[str, Any]) -> Fitted:
    """The calibration that `to_json` wrote.

    Raises:
        StoreError: If the values are none, or of a format that is not known.
    """
    try:
        if values["format"] != _FORMAT:
            raise ValueError(f"format {values['format']!r}")
        scale = Scale({int(value): str(value) for value in values["values"]}, _digit(values["not_applicable"]))
        if len(scale.levels) < 2 or not set(values["wanted"]) <= set(BLOCKS):
            raise ValueError("scale or blocks")
        return Fitted(
            scale=scale,
            wanted=tuple(values["wanted"]),
            why=str(values["why"]),
            ordinal=_line_of(values["ordinal"], tuple(float(level) for level in scale.levels), na=False),
            na=_line_of(values["na"], (0.0, 1.0), na=True),
            frequencies={int(value): int(count) for value, count in values["frequencies"].items()},
            signals={name: Signal(*map(int, values["signals"][name])) for name in values["signals"]},
        )
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise StoreError(
            f"the calibration kept in this memory cannot be read ({type(error).__name__})",
            "Align again, or use an earlier version of the memory.",
        ) from error


def _digit(value: Any) -> int | None:
    return None if value is None else int(value)


def _line_of(values: Any, levels: tuple[float, ...], *, na: bool) -> Line | None:
    if values is None:
        return None
    spread = values["spread"]
    read = Spread(
        levels=_floats(spread["levels"], len(levels)),
        error=_float(spread["error"]),
        centres=_floats(spread["centres"], len(levels)),
        width=_float(spread["width"]),
        prior=_floats(spread["prior"], len(levels)),
        looking=_float(spread["looking"]),
    )
    if (
        read.levels != levels
        or read.error <= 0
        or read.width <= 0
        or min(read.prior) <= 0
        or not 0 <= read.looking <= 1
    ):
        raise ValueError("spread")
    if not set(values["starts"]) <= {"nothing", "judge", "rule"} or not set(values["families"]) <= set(BLOCK_OF):
        raise ValueError("starts or families")
    return Line(
        na=na,
        starts={name: (_float(pair[0]), _float(pair[1])) for name, pair in values["starts"].items()},
        intercept=_float(values["intercept"]),
        families={family: _slopes(kept) for family, kept in values["families"].items()},
        spread=read,
        moves={str(name): _float(moved) for name, moved in values["moves"].items()},
    )


def _slopes(values: Mapping[str, Any]) -> Slopes:
    keys = tuple(str(key) for key in values["keys"])
    shown = tuple(str(name) for name in values["shown"])
    if len(shown) != len(keys):
        raise ValueError("names")
    spread = _array(values["spread"], len(keys))
    if (spread <= 0).any():
        raise ValueError("spread of a column")
    return Slopes(keys, shown, _array(values["centre"], len(keys)), spread, _array(values["slope"], len(keys)))


def _float(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a number that is none")
    return number


def _floats(values: Sequence[Any], size: int) -> tuple[float, ...]:
    if len(values) != size:
        raise ValueError("length")
    return tuple(_float(value) for value in values)


def _array(values: Sequence[Any], size: int) -> FloatArray:
    return np.array(_floats(values, size), dtype=np.float64)
