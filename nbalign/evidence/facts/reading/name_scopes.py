"""Python's scopes within one cell: which uses of names reach outside, and which names are made for all cells."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a name that is not local to a function, class or comprehension.

    Attributes:
        name: The name.
        cell: Cell number.
        line: Line in the cell.
        order: Place in the order of the whole text.
        deferred: Whether it stands inside a function or lambda, which runs later if at all.
        guarded: Whether it stands in a branch, or in a try that catches its absence.
    """

    name: str
    cell: int
    line: int
    order: int
    deferred: bool
    guarded: bool


@dataclass(frozen=True, slots=True)
class Making:
    """One place where a name comes into being for the whole notebook.

    Attributes:
        name: The name.
        cell: Cell number.
        line: Line in the cell.
        order: Place in the order of the whole text.
        how: `import`, `def`, `class` or `assign`.
    """

    name: str
    cell: int
    line: int
    order: int
    how: str


@dataclass(slots=True)
class Scope:
    """One scope while it is read.

    Attributes:
        kind: `module`, `function`, `class` or `comprehension`.
        bound: Names that are local to it.
        loads: Uses in it, and those that scopes inside it leave free.
        stores: Makings for the whole notebook; of the module only.
        outer: Names that it declares global or nonlocal.
    """

    kind: str
    bound: set[str] = field(default_factory=set)
    loads: list[Use] = field(default_factory=list)
    stores: list[Making] = field(default_factory=list)
    outer: set[str] = field(default_factory=set)


class ScopeStack:
    """The scopes around the place that is being read; what they leave free ends up in `module.loads`.

    Args:
        cell: Cell number.
        order: Place in the order of the whole text at which the cell begins.

    Attributes:
        module: The cell's outermost scope.
        scopes: The scopes that are open, the outermost first.
        guards: How many branches and catching tries are around.
    """

    def __init__(self, cell: int, order: int) -> None:
        self.cell = cell
        self.order = order
        self.module = Scope("module")
        self.scopes = [self.module]
        self.guards = 0

    def load_name(self, name: str, line: int) -> None:
        """A name is used."""
        self.order += 1
        deferred = any(s.kind == "function" for s in self.scopes)
        self.scopes[-1].loads.append(Use(name, self.cell, line, self.order, deferred, self.guards > 0))

    def store_name(self, name: str, line: int, how: str = "assign", walrus: bool = False) -> None:
        """A name is made; by `:=` it goes past comprehensions."""
        self.order += 1
        scopes = [s for s in self.scopes if s.kind != "comprehension"] if walrus else self.scopes
        scope = scopes[-1]
        if scope.kind == "module" or name in scope.outer:
            self.module.stores.append(Making(name, self.cell, line, self.order, how))
        else:
            scope.bound.add(name)

    def enter(self, scope: Scope) -> None:
        """A scope begins."""
        self.scopes.append(scope)

    def leave(self, scope: Scope) -> None:
        """Hands what a scope leaves free to the scope around it; class bodies are not seen from functions in them."""
        self.scopes.pop()
        free = [u for u in scope.loads if u.name not in scope.bound or u.name in scope.outer]
        around = self.scopes
        if scope.kind == "function":
            around = [s for s in self.scopes if s.kind != "class"]
        around[-1].loads += free
