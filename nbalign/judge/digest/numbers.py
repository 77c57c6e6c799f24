"""Numbers, dates and identifiers in outputs, short: a model pays for every digit."""

from __future__ import annotations

import re

_FLOAT = re.compile(r"(?<![\w.\-/:])(-?\d{1,18})\.(\d{1,24})(e[+-]?\d{1,3})?(?![\w.\-/:]*\d|[\w])")
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[ T]00:00:00(?:\.0+)?(?![\d:.])")
_HEX = re.compile(r"\b(?=[0-9a-f]*\d)([0-9a-f]{6})[0-9a-f]{14,}\b")
_UUID = re.compile(r"\b([0-9a-f]{6})[0-9a-f]{2}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_URL = re.compile(r"(https?://[\w.:-]{1,100})/[^\s)\]>'\"]+")
_NUMPY = re.compile(r"\bnp\.(?:int|float|str|bool)\w{0,3}\(([^()]{0,60})\)")
_SIGNIFICANT = 4


def shorten_number(text: str) -> str:
    """A decimal number with four significant digits and no trailing zeros; the whole part stays whole.

    Args:
        text: Such as `2321.600119`, `0.00` or `1.23456e-05`.

    Returns:
        Such as `2322`, `0` or `1.235e-05`; the text itself when it is no such number.
    """
    match = _FLOAT.fullmatch(text)
    return _short(match) if match else text


def _short(match: re.Match[str]) -> str:
    whole, fraction, exponent = match.group(1), match.group(2), match.group(3) or ""
    digits = whole.lstrip("-").lstrip("0")
    if digits:
        places = max(0, _SIGNIFICANT - len(digits))
    else:
        leading = len(fraction) - len(fraction.lstrip("0"))
        places = leading + _SIGNIFICANT
    short = f"{float(f'{whole}.{fraction}'):.{min(places, len(fraction))}f}"
    if "." in short:
        short = short.rstrip("0").rstrip(".")
    return ("0" if short in {"-0", ""} else short) + exponent


def shorten_values(text: str) -> str:
    """Shortens the decimals, numpy scalars, midnight times, run ids and web addresses of an output line."""
    if "://" in text:
        text = _URL.sub(r"\1/…", text)
    if ":" in text:
        text = _MIDNIGHT.sub(r"\1", text)
    if "np." in text:
        text = _NUMPY.sub(r"\1", text)
    text = _HEX.sub(r"\1…", _UUID.sub(r"\1…", text))
    return _FLOAT.sub(_short, text)
