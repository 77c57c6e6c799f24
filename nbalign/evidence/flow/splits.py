"""Splits: by function, by fold, and by the names that parts of a table are given."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nbalign.evidence.flow.data_events import Split
from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.learned import NOTHING, Carried
from nbalign.evidence.flow.rows import NO_ROWS, TESTED, Role, Rows
from nbalign.evidence.flow.state import part_of
from nbalign.evidence.flow.subscripts import with_rows
from nbalign.evidence.flow.things import UNKNOWN, Thing, gathered, sequence

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_ORDERED = ("slice", "mask")


def train_test_split(flow: Expressions, given: Given) -> Thing:
    """scikit-learn's function: every array in two parts of the same rows."""
    arrays = tuple(gathered(a) for a in given.args)
    if not arrays:
        return UNKNOWN
    state = flow.state
    split = state.next_id()
    parts: dict[Rows, tuple[Rows, Rows]] = {}
    result: list[Thing] = []
    for array in arrays:
        if array.rows not in parts:
            role = state.tree.role(array.rows)
            second: Role = "validation" if role in ("test", "rest") else "test"
            first: Role = "test" if role in ("test", "rest") else "train"
            if role in ("test", "rest"):  # a part was set aside and is now parted again: which is which, names say
                first, second = "validation", "test"
            parts[array.rows] = (
                state.tree.branch(array.rows, first, given.last, cell=state.cell, split=split),
                state.tree.branch(array.rows, second, given.last, cell=state.cell, split=split),
            )
        train, test = parts[array.rows]
        result += [with_rows(array, train), with_rows(array, test)]
    first_array = arrays[0]
    train, test = parts[first_array.rows]
    shuffle = given.get(-1, "shuffle")
    ordered = shuffle is not None and shuffle.value is False
    stratify = given.get(-1, "stratify")
    seed = given.get(-1, "random_state")
    size = given.get(-1, "test_size")
    if len(arrays) > 1:
        note_target(flow, arrays[1])
    carried: Carried = NOTHING
    for array in arrays:
        carried |= array.all_learned
    state.emit(
        Split(
            state.place, given.last, first_array.rows, train, test, carried,
            stratified=stratify is not None and stratify.value is not None,
            grouped=False,
            shuffled=not ordered,
            by_time=ordered,
            seeded=None if ordered else seed is not None and seed.value is not None,
            test_size=size.number if size else None,
            columns=first_array.columns or (),
        )
    )  # fmt: skip
    return sequence(result)


def random_parts(flow: Expressions, base: Thing, given: Given) -> Thing:
    """Spark's randomSplit and PyTorch's random_split: two or three parts."""
    state = flow.state
    sizes = given.get(0, "weights") if given.last == "randomSplit" else given.get(1, "lengths")
    count = len(sizes.items) if sizes is not None and sizes.items else 2
    if given.last == "split_frame":  # H2O names all shares but the last
        ratios = given.get(0, "ratios")
        count = len(ratios.items) + 1 if ratios is not None and ratios.items else 2
    split = state.next_id()
    roles: list[Role] = ["train", "test"] if count < 3 else ["train", "validation", "test"]
    rows = [state.tree.branch(base.rows, role, given.last, cell=state.cell, split=split) for role in roles]
    state.emit(
        Split(
            state.place, given.last, base.rows, rows[0], rows[-1], base.all_learned,
            stratified=False, grouped=False, shuffled=True, by_time=False,
            seeded=given.get(1, "seed") is not None or given.get(2, "generator") is not None,
            test_size=None, columns=base.columns or (),
        )
    )  # fmt: skip
    return sequence([with_rows(base, part) for part in rows])


def folds(flow: Expressions, splitter: Thing, given: Given) -> Thing:
    """`splitter.split(X, y, groups)`: one round with indices to train and to test."""
    state = flow.state
    note = splitter.note
    data = given.get(0, "X") or UNKNOWN
    name = note.name if note else "KFold"
    split = state.next_id()
    train = state.tree.branch(data.rows, "fold train", name, cell=state.cell, split=split)
    test = state.tree.branch(data.rows, "fold test", name, cell=state.cell, split=split)
    params = note.params if note else {}
    target = given.get(1, "y")
    if target is not None:
        note_target(flow, target)
    ordered = name == "TimeSeriesSplit" or (name in ("KFold", "StratifiedKFold") and params.get("shuffle") is not True)
    state.emit(
        Split(
            state.place, name, data.rows, train, test, data.all_learned,
            stratified="Stratified" in name, grouped="Group" in name, shuffled=not ordered,
            by_time=name == "TimeSeriesSplit", seeded=None if ordered else "random_state" in params,
            test_size=None, columns=data.columns or (),
        )
    )  # fmt: skip
    pair = sequence([
        Thing("index", rows=train, split=split, name="train"), Thing("index", rows=test, split=split, name="test"),
    ])  # fmt: skip
    return sequence([pair])


def taken_once(flow: Expressions, pair: Thing) -> None:
    """`next(splitter.split(…))`: one fold, taken once, is a split into rows to learn from and rows kept apart."""
    tree = flow.state.tree
    for part in pair.items or ():
        for node in (tree.nodes[i] for i in part.rows if part.kind == "index" and part.split >= 0):
            if node.role == "fold train":
                node.role = "train"
            elif node.role == "fold test":
                held = node.parent is not None and tree.role(frozenset((node.parent,))) in ("train", "fold train")
                node.role = "validation" if held else "test"


def note_target(flow: Expressions, thing: Thing) -> None:
    """Remembers the column that something is learned towards."""
    if len(thing.sources) == 1 and thing.kind in ("column", "array", "table"):
        flow.state.targets.append(next(iter(thing.sources)))


def name_part(flow: Expressions, name: str, thing: Thing) -> None:
    """A part of rows gets its role from the name it is bound to."""
    if not thing.is_data or thing.kind == "mask" or not thing.rows:
        return
    role = part_of(name)
    tree = flow.state.tree
    nodes = [tree.nodes[i] for i in thing.rows]
    if not role:
        if any(w in name.lower() for w in ("temp", "rest", "remain", "hold")):
            for node in nodes:
                if node.role in TESTED and node.split >= 0:
                    node.role = "rest"
        return
    changed = False
    for node in nodes:
        if node.role == "subset" or (
            node.role == "source" and node.origin != "name" and _is_part_file(node.name, role)
        ):
            node.role = role  # type: ignore[assignment]  # part_of gives roles
            changed = True
        elif node.split >= 0 and {node.role, role} <= {"test", "validation", "rest"}:
            node.role = role  # type: ignore[assignment]
    if changed:
        flow.state.named[min(thing.rows)] = (thing.all_learned, flow.state.place)
        _by_names(flow, thing)


def _is_part_file(name: str, role: str) -> bool:
    return part_of(name.rpartition("/")[2].replace(".csv", "")) == role


def _by_names(flow: Expressions, thing: Thing) -> None:
    """A split is complete when two parts of the same rows have the names of a train and a test part."""
    state = flow.state
    tree = state.tree
    mine = [tree.nodes[i] for i in thing.rows]
    mine_node = mine[0]
    others = [
        n for n in tree.nodes
        if n.id in state.named and n.id not in thing.rows and n.parent == mine_node.parent and n.split < 0
        and (n.parent is not None or mine_node.role != n.role)
        and (n.role == "train") != (mine_node.role == "train")
        and n.role in ("train", "test", "validation")
    ]  # fmt: skip
    if not others:
        return
    other = others[-1]
    split = state.next_id()
    for node in (*mine, other):
        node.split = split
    train, test = (mine_node, other) if mine_node.role == "train" else (other, mine_node)
    of: Rows = frozenset((mine_node.parent,)) if mine_node.parent is not None else NO_ROWS
    how = "files" if mine_node.parent is None else mine_node.origin
    shuffled = mine_node.parent is not None and any(n.origin == "shuffle" for n in tree.path(mine_node.parent))
    carried = state.named[other.id][0] | state.named[min(thing.rows)][0]
    state.emit(
        Split(
            state.place, how, of, frozenset((train.id,)), frozenset((test.id,)), carried,
            stratified=False, grouped=False,
            shuffled=True if shuffled or how in ("sample", "index") else None,
            by_time=how in _ORDERED and not shuffled,
            seeded=None, test_size=None, columns=thing.columns or (),
        )
    )  # fmt: skip


def unparse(node: ast.AST) -> str:
    """The text of an expression."""
    return ast.unparse(node)
