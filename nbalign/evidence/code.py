"""A notebook's code as syntax trees: magics set aside, what does not parse reported and left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from nbalign.evidence.parsing import parse_cell
from nbalign.notebooks.model import Cell, Notebook


@dataclass(frozen=True, slots=True)
class Shell:
    """A command given to the shell or to a line magic, such as `pip install mlflow==2.9`.

    Attributes:
        cell: Cell number.
        line: Line in the cell, from 1.
        text: The command without `!` or `%`.
    """

    cell: int
    line: int
    text: str


@dataclass(frozen=True, eq=False)
class CodeCell:
    """One code cell.

    Attributes:
        number: Cell number in the notebook.
        cell: The cell itself, with its outputs.
        tree: What could be parsed; an empty module when nothing could.
        shell: Commands and line magics in it.
        problem: Why a part, or all, was not parsed; empty when all was.
    """

    number: int
    cell: Cell
    tree: ast.Module
    shell: tuple[Shell, ...] = ()
    problem: str = ""

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree in the order of `ast.walk`: many facts ask for them, and walking is slow."""
        return tuple(ast.walk(self.tree))


@dataclass(frozen=True, slots=True, eq=False)
class Import:
    """One name brought in by an import.

    Attributes:
        cell: Cell number.
        line: Line in the cell.
        module: Dotted module, such as `sklearn.metrics`; with a leading dot when relative.
        name: What is taken from it in `from module import name`; empty for `import module`; `*` for a star.
        alias: The name it gets in the notebook; for `import a.b` that is `a`.
        nested: Whether it stands inside a function, class, branch, loop or try.
    """

    cell: int
    line: int
    module: str
    name: str
    alias: str
    nested: bool

    @property
    def full(self) -> str:
        """The dotted name that the alias stands for."""
        if self.name and self.name != "*":
            return f"{self.module}.{self.name}"
        return self.module if self.alias != self.module.split(".")[0] else self.alias

    @property
    def top(self) -> str:
        """The top-level package."""
        return self.module.lstrip(".").split(".")[0]


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A call as it stands in the text.

    Attributes:
        cell: Cell number.
        line: Line in the cell.
        name: Dotted name with import aliases resolved (`pandas.read_csv`, `sklearn.svm.SVC`), or `.method` when it is
            called on anything that is not an imported name; empty when it has no name.
        node: The call.
    """

    cell: int
    line: int
    name: str
    node: ast.Call

    @property
    def last(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]

    def argument(self, position: int, keyword: str) -> ast.expr | None:
        """An argument by position (from 0; -1 for keyword only) or keyword; None when it is not given."""
        for given in self.node.keywords:
            if given.arg == keyword:
                return given.value
        if 0 <= position < len(self.node.args):
            found = self.node.args[position]
            return None if isinstance(found, ast.Starred) else found
        return None


@dataclass(frozen=True, eq=False)
class Code:
    """All code cells of a notebook in order.

    Attributes:
        notebook: The notebook.
        cells: Its code cells.
    """

    notebook: Notebook
    cells: tuple[CodeCell, ...] = field(default=())

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """Every import, in order."""
        return tuple(found for cell in self.cells for found in _imports(cell))

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Name in the notebook -> dotted name it was imported as; the last import of a name counts."""
        return {i.alias: i.full for i in self.imports if i.name != "*"}

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Every call, in order of the text; nested calls come after the call they are an argument of."""
        found = []
        for cell in self.cells:
            for node in cell.nodes:
                if isinstance(node, ast.Call):
                    found.append(Call(cell.number, node.lineno, self.dotted(node.func), node))
        return tuple(sorted(found, key=lambda c: (c.cell, c.line, c.node.col_offset)))

    @property
    def unread(self) -> tuple[tuple[int, str], ...]:
        """(cell, why) for every cell of which a part was not parsed."""
        return tuple((cell.number, cell.problem) for cell in self.cells if cell.problem)

    def dotted(self, node: ast.expr) -> str:
        """The dotted name of an expression, import aliases resolved; `.name` behind anything that was not imported."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        parts.reverse()
        if isinstance(node, ast.Name):
            if node.id in self.aliases:
                return ".".join([self.aliases[node.id], *parts])
            return node.id if not parts else "." + parts[-1]
        return "." + parts[-1] if parts else ""


def read_code(notebook: Notebook) -> Code:
    """Parses the code cells of a notebook; never raises."""
    return Code(notebook, tuple(_read(cell) for cell in notebook.cells if cell.kind == "code"))


def _read(cell: Cell) -> CodeCell:
    parsed = parse_cell(cell.source)
    shell = tuple(Shell(cell.number, line, text) for line, text in parsed.commands)
    return CodeCell(cell.number, cell, parsed.tree, shell, parsed.problem)


def _imports(cell: CodeCell) -> Iterator[Import]:
    top = {id(node) for node in cell.tree.body}
    for node in cell.nodes:
        if isinstance(node, ast.Import):
            for name in node.names:
                alias = name.asname or name.name.split(".")[0]
                yield Import(cell.number, node.lineno, name.name, "", alias, id(node) not in top)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for name in node.names:
                yield Import(cell.number, node.lineno, module, name.name, name.asname or name.name, id(node) not in top)
