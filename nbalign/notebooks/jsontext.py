"""JSON read leniently, with errors that say where the file breaks off and why."""

from __future__ import annotations

import json

from nbalign.errors import BadInput
from nbalign.notebooks.decoding import Decoded, decode
from nbalign.notebooks.repairs import Repairs

_DEEPEST = 200
_LONGEST_NUMBER = 1_000  # digits; Python refuses to convert much longer ones
_RESTORE = "Take the file from a backup or version control, or open it in Jupyter and save it again."


def load_json(raw: bytes, name: str, repairs: Repairs) -> object:
    """Reads a file as JSON.

    Args:
        raw: The file; UTF-8, UTF-16 or UTF-32, with or without a byte order mark.
        name: Its sanitised name, for messages.
        repairs: Where leniency is noted: NaN, raw control characters, unreadable bytes.

    Raises:
        BadInput: If it is empty, binary, cut short, no JSON, or nested more than 200 levels deep.
    """
    decoded = decode(raw, name)
    if decoded.damaged:
        repairs.note("Some bytes are not valid text and were replaced by \ufffd")
    try:
        value = _parse(decoded, name, repairs)
    except RecursionError:
        raise _too_deep(name) from None
    _check_depth(value, name)
    return value


def _parse(decoded: Decoded, name: str, repairs: Repairs) -> object:
    constants: list[str] = []

    def constant(word: str) -> float:
        constants.append(word)
        return float(word)

    def integer(digits: str) -> int | float:
        return int(digits) if len(digits) <= _LONGEST_NUMBER else float(digits)

    for strict in (True, False):
        decoder = json.JSONDecoder(strict=strict, parse_constant=constant, parse_int=integer)
        try:
            value: object = decoder.decode(decoded.text)
        except json.JSONDecodeError as error:
            if strict and error.msg.startswith("Invalid control character"):
                continue
            raise _broken(error, decoded, name) from None
        if not strict:
            repairs.note("Control characters stand unescaped in the JSON")
        if constants:
            repairs.note("NaN or Infinity stand in the JSON, which has no such numbers")
        return value
    raise AssertionError("unreachable")


def _broken(error: json.JSONDecodeError, decoded: Decoded, name: str) -> BadInput:
    text = decoded.text
    if text.lstrip()[:1] not in ("{", "["):
        return BadInput(
            f"{name} is no notebook: it is not JSON.",
            "Name an .ipynb notebook; scripts need the suffix .py and `# %%` cell markers.",
        )
    end = len(text.rstrip())
    # An unterminated string always reaches the end of the file; a word or escape cut in two breaks just before it.
    # A file that closes its brackets was not cut, whatever is wrong with it.
    closed = text[:end].endswith(("}", "]"))
    broke_off = error.pos >= end or (error.pos >= end - 8 and not closed)
    if error.msg.startswith("Unterminated string") or (broke_off and not error.msg.startswith("Extra data")):
        line = text.count("\n", 0, end) + 1
        return BadInput(
            f"{name} breaks off at byte {decoded.byte(end):,} (line {line:,}): the file seems truncated.",
            "Download or copy it again, or take it from a backup.",
        )
    return BadInput(
        f"{name} is damaged at byte {decoded.byte(error.pos):,} (line {error.lineno:,}, column {error.colno:,}): "
        f"{error.msg}.",
        _RESTORE,
    )


def _too_deep(name: str) -> BadInput:
    return BadInput(f"{name} is no notebook: its JSON is nested more than {_DEEPEST} levels deep.", _RESTORE)


def _check_depth(value: object, name: str) -> None:
    """Makes recursion over the value safe for everybody after us."""
    level: list[object] = [value]
    for _ in range(_DEEPEST):
        below: list[object] = []
        for item in level:
            children = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
            below.extend(child for child in children if isinstance(child, (dict, list)))
        if not below:
            return
        level = below
    raise _too_deep(name)
