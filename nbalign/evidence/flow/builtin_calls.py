"""Python's own functions, and methods of lists and dictionaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbalign.evidence.flow import splits
from nbalign.evidence.flow.elements import elements
from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.model_events import Choice
from nbalign.evidence.flow.things import UNKNOWN, Thing, constant, sequence

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

NAMES = frozenset({
    "print", "len", "range", "zip", "enumerate", "sorted", "max", "min", "sum", "abs", "list", "dict", "tuple", "set",
    "map", "filter", "reversed", "round", "float", "int", "str", "bool", "super", "isinstance", "getattr", "iter",
    "next", "any", "all", "type", "open",
})  # fmt: skip

_DATA_FILES = (".csv", ".tsv", ".data", ".dat")


def call(flow: Expressions, given: Given) -> Thing | None:
    """Functions that are there without an import."""
    last = given.last
    if last in ("display", "print", "pprint"):
        flow.show(given.args)
        return constant(None)
    if "." in given.full:
        if last in ("partial",) and given.args:
            return given.args[0]
        if last in ("defaultdict", "OrderedDict"):
            return Thing("dict")
        if last in ("product", "chain", "combinations", "tqdm"):
            return given.args[0] if given.args and last in ("tqdm", "chain") else sequence([flow.combined(given.args)])
        return None
    return _builtin(flow, given) if last in NAMES or last == "tqdm" else None


def _builtin(flow: Expressions, given: Given) -> Thing:
    last, args = given.last, given.args
    first = args[0] if args else UNKNOWN
    if last in ("list", "tuple", "set", "sorted", "reversed", "iter", "tqdm"):
        if last == "sorted" and first.measured:
            flow.state.emit(Choice(flow.state.place, "sort", first.measured))
        if first.kind == "dict":
            return sequence([constant(k) for k in first.entries])
        if first.kind == "group" or first.kind == "loader":
            return sequence(elements(first))
        if last == "list" and first.is_data and first.rows:
            return first.like(name="listed")
        return first if args else sequence([])
    if last == "dict":
        made = (
            first.like() if first.kind == "dict" else Thing("dict", measured=first.measured, aggregate=first.aggregate)
        )
        made.entries.update(given.kwargs)
        if first.items and all(p.items and len(p.items) == 2 for p in first.items):
            for pair in first.items:
                key, value = (pair.items or [UNKNOWN, UNKNOWN])[:2]
                made.entries[key.value if isinstance(key.value, str | int | float) else object()] = value
        return made
    if last == "zip":
        columns = [elements(a) for a in args]
        known = [c for a, c in zip(args, columns, strict=True) if a.items is not None]
        count = min((len(c) for c in known), default=1)
        return sequence([sequence([c[i] if i < len(c) else c[-1] if c else UNKNOWN for c in columns])
                         for i in range(count)])  # fmt: skip
    if last == "enumerate":
        return sequence([sequence([Thing("unknown", name="counter"), element]) for element in elements(first)])
    if last in ("max", "min"):
        if first.measured and (first.items is not None or first.kind in ("dict", "unknown", "list")):
            flow.state.emit(Choice(flow.state.place, last, first.measured))
            items = elements(first)
            return items[0] if items else UNKNOWN
        return flow.combined(args, "scalar")
    if last == "open":
        name = first.text or ""
        mode = given.text(1, "mode") or "r"
        if not name.lower().endswith(_DATA_FILES) or "r" not in mode:
            return UNKNOWN
        node = flow.state.tree.add(None, "source", "open", name[:80], flow.state.cell)
        return Thing("array", rows=frozenset((node.id,)))  # lines of data
    if last == "range":
        return Thing("unknown", name="counter")
    if last in ("len", "isinstance", "type", "any", "all"):
        return Thing("unknown")
    if last == "map" and len(args) > 1 and first.kind == "function":
        return sequence([flow.call_function(first, [e], {}, None) for e in elements(args[1])])
    if last in ("abs", "round", "float", "sum"):
        return first.like(value=first.value if last != "sum" else constant(None).value) if args else UNKNOWN
    if last == "next" and args:
        found = elements(first)
        if found and not flow.state.loops:
            splits.taken_once(flow, found[0])
        return found[0] if found else UNKNOWN
    if last == "str" or last == "int":
        return first
    return flow.combined(args)


def method(flow: Expressions, base: Thing, given: Given) -> Thing:
    """Methods of lists and dictionaries whose elements are known."""
    last, args = given.last, given.args
    if base.kind == "dict":
        if last == "items":
            return sequence([sequence([constant(k) if isinstance(k, str | int | float) else UNKNOWN, v])
                             for k, v in list(base.entries.items())[:40]]).like(measured=base.measured)  # fmt: skip
        if last == "values":
            return sequence(list(base.entries.values())[:40]).like(measured=base.measured)
        if last == "keys":
            return sequence([constant(k) for k in list(base.entries)[:40]]).like(measured=base.measured)
        if last in ("get", "pop", "setdefault") and args:
            key = args[0].value
            found = base.entries.get(key) if isinstance(key, str | int | float) else None
            return found or (args[1] if len(args) > 1 else Thing(measured=base.measured))
        if last == "update":
            for thing in args:
                base.entries.update(thing.entries)
            base.entries.update(given.kwargs)
            return constant(None)
        return base.like() if last == "copy" else UNKNOWN
    if last in ("append", "add", "extend", "insert"):
        added = args[-1] if args else UNKNOWN
        if base.items is not None and len(base.items) < 500:
            base.items += added.items if last == "extend" and added.items is not None else [added]
        base.measured |= added.measured
        base.learned |= added.learned
        return constant(None)
    if last == "remove" and args and base.items is not None:
        base.items = [t for t in base.items if t.kind != "constant" or t.value != args[0].value]
        return constant(None)
    if last == "sort" and base.measured:
        flow.state.emit(Choice(flow.state.place, "sort", base.measured))
        return constant(None)
    return base.items[-1] if last == "pop" and base.items else base
