"""Outputs out of a sandbox, made into what the notebook format knows, and bounded once more: they may be forged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nbalign.notebooks.limits import cut_mark

_MOST_OUTPUTS = 1_001  # one more than the runner keeps: its own word that something was left out
_MOST_TYPES = 20
_DEEPEST = 40
_LONGEST_NAME = 200
_ERROR_RESERVE = 400_000  # bytes of errors that are kept although the outputs before them used up the bound


def bounded(outputs: object, limit: int) -> tuple[Mapping[str, Any], ...]:
    """Outputs in the words of nbformat 4.

    Args:
        outputs: Anything, meant to be a list of outputs.
        limit: Most bytes kept; what does not fit is left out, of printed text the end, and a last output says so.
            Errors are kept beside it, up to a bound of their own.
    """
    kept: list[Mapping[str, Any]] = []
    room, reserve, dropped = limit, _ERROR_RESERVE, 0
    for raw in outputs if isinstance(outputs, list) else []:
        output = _output(raw)
        if output is None:
            continue
        size = _size(output)
        is_error = output["output_type"] == "error"
        if len(kept) >= _MOST_OUTPUTS or size > (reserve if is_error else room):
            dropped += size
            if output["output_type"] != "stream" or room <= 0 or len(kept) >= _MOST_OUTPUTS:
                continue
            output["text"] = output["text"].encode("utf-8", "replace")[:room].decode("utf-8", "ignore")
            dropped -= (size := _size(output))
        if is_error:
            reserve -= size
        else:
            room -= size
        kept.append(output)
    if dropped:
        kept.append(stream(f"\n{cut_mark(dropped, 'bytes of output')}\n"))
    return tuple(kept)


def stream(text: str) -> Mapping[str, Any]:
    """A line of ours among a cell's outputs."""
    return {"output_type": "stream", "name": "stderr", "text": text}


def error(name: str, message: str) -> Mapping[str, Any]:
    """An error of ours among a cell's outputs."""
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}


def total(outputs: Sequence[Mapping[str, Any]]) -> int:
    """Bytes of outputs, about as they stand in a file."""
    return sum(map(_size, outputs))


def _output(raw: object) -> dict[str, Any] | None:
    """One output with the keys that the format asks for and no others; None where it makes no sense."""
    if not isinstance(raw, dict):
        return None
    kind = raw.get("output_type")
    if kind == "stream":
        name = "stderr" if raw.get("name") == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": _text(raw.get("text"))}
    if kind == "error":
        lines = raw.get("traceback")
        return {
            "output_type": kind,
            "ename": _text(raw.get("ename"))[:_LONGEST_NAME],
            "evalue": _text(raw.get("evalue")),
            "traceback": [_text(line) for line in lines] if isinstance(lines, list) else [],
        }
    if kind in ("display_data", "execute_result"):
        made: dict[str, Any] = {"output_type": kind, "data": _bundle(raw.get("data")), "metadata": {}}
        metadata = raw.get("metadata")
        if isinstance(metadata, dict) and _shallow(metadata):
            made["metadata"] = metadata
        if kind == "execute_result":
            count = raw.get("execution_count")
            made["execution_count"] = count if type(count) is int and 0 <= count < 1_000_000 else None
        return made
    return None


def _bundle(raw: object) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind, value in list(raw.items())[:_MOST_TYPES] if isinstance(raw, dict) else []:
        if len(kind) > _LONGEST_NAME:
            continue
        if isinstance(value, str):
            found[kind] = value
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            found[kind] = "".join(value)
        elif kind.endswith("json") and _shallow(value):
            found[kind] = value
    return found


def _text(value: object) -> str:
    if isinstance(value, list):
        return "".join(item for item in value if isinstance(item, str))
    return value if isinstance(value, str) else ""


def _shallow(value: object, depth: int = 0) -> bool:
    """Whether a value may be walked through without fear."""
    if depth > _DEEPEST:
        return False
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(_shallow(item, depth + 1) for item in inside)


def _size(value: object) -> int:
    """Bytes of all text in a value, about as they stand in a file; the names of an output's own keys are left out."""
    if isinstance(value, Mapping) and "output_type" in value:
        return sum(_size(item) for key, item in value.items() if key not in ("output_type", "name"))
    if isinstance(value, str):
        return len(value.encode("utf-8", "replace"))
    if isinstance(value, Mapping):
        return sum(_size(key) + _size(item) for key, item in value.items())
    if isinstance(value, list):
        return sum(map(_size, value))
    return 8
