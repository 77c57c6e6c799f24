"""Sets of rows: every table starts as a source; filters, splits and folds branch off it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["source", "subset", "train", "validation", "test", "rest", "fold train", "fold test", "new"]

Rows = frozenset[int]  # ids of nodes; a union where tables were put together; empty when it is not known

NO_ROWS: Rows = frozenset()
TESTED: frozenset[str] = frozenset({"test", "validation", "fold test"})
TRAINED: frozenset[str] = frozenset({"train", "fold train"})
_MOST_PARTS = 16  # sets that a union keeps apart: tables that are cut and put together again and again double them


@dataclass(slots=True)
class RowNode:
    """One set of rows.

    Attributes:
        id: Its place in the tree.
        parent: The set it is a part of; None for a source.
        role: What it is for. A subset becomes train or test by how it is made (a split) or by the name it is given.
        origin: What made it: `read_csv`, `train_test_split`, `mask`, `slice`, `sample`, `KFold`, `name`, …
        name: File or variable name, for people.
        cell: Cell that made it.
        split: Id shared by the parts of one split; -1 when it is none.
    """

    id: int
    parent: int | None
    role: Role
    origin: str
    name: str
    cell: int
    split: int = -1


@dataclass(slots=True)
class RowTree:
    """All sets of rows of one notebook.

    Attributes:
        nodes: Every node, by id.
    """

    nodes: list[RowNode] = field(default_factory=list)

    def add(
        self, parent: int | None, role: Role, origin: str, name: str = "", cell: int = 0, split: int = -1
    ) -> RowNode:
        """A new set of rows under a parent."""
        node = RowNode(len(self.nodes), parent, role, origin, name, cell, split)
        self.nodes.append(node)
        return node

    def branch(self, rows: Rows, role: Role, origin: str, name: str = "", cell: int = 0, split: int = -1) -> Rows:
        """A part of each set in a union; of nothing known, a source of its own."""
        parents: Iterable[int | None] = sorted(self._few(rows)) or [None]
        return frozenset(self.add(parent, role, origin, name, cell, split).id for parent in parents)

    def _few(self, rows: Rows) -> Rows:
        """The same rows, or some more of the same use, as a union of not too many sets."""
        if len(rows) > _MOST_PARTS:
            rows = frozenset(next(n.id for n in self.path(i) if n.role != "subset" or n.parent is None) for i in rows)
        if len(rows) > _MOST_PARTS:
            rows = frozenset(self.path(i)[-1].id for i in rows)
        return rows if len(rows) <= _MOST_PARTS else frozenset(sorted(rows)[:_MOST_PARTS])

    def path(self, node: int) -> list[RowNode]:
        """The node and its ancestors, the source last."""
        found = []
        at: int | None = node
        while at is not None:
            found.append(self.nodes[at])
            at = self.nodes[at].parent
        return found

    def includes(self, whole: Rows, part: Rows) -> bool:
        """Whether all rows that a part is taken from include at least one of its sets: `part` lies within `whole`."""
        return any(ancestor.id in whole for node in part for ancestor in self.path(node))

    def overlap(self, a: Rows, b: Rows) -> bool:
        """Whether one lies within the other, at least in part."""
        return self.includes(a, b) or self.includes(b, a)

    def role(self, rows: Rows) -> str:
        """What rows are for: the nearest role on the way up that is not a mere subset.

        Returns:
            `train`, `validation`, `test`, `rest`, `fold train`, `fold test`, `new`; `all` for sources and their
            subsets; `mixed` for a union of different roles; an empty string when nothing is known.
        """
        roles = set()
        for node in rows:
            named = next((n.role for n in self.path(node) if n.role not in ("source", "subset")), "all")
            roles.add(named)
        if not roles:
            return ""
        return roles.pop() if len(roles) == 1 else "mixed"

    def below(self, rows: Rows, roles: Iterable[str] = TESTED) -> list[RowNode]:
        """Nodes of given roles that lie strictly within some rows, in order of making."""
        wanted = frozenset(roles)
        return [
            n
            for n in self.nodes
            if n.role in wanted and n.id not in rows and any(a.id in rows for a in self.path(n.id)[1:])
        ]
