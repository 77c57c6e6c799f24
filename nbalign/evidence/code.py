"""A notebook's code as syntax trees: magics set aside, what does not parse reported and left out."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from nbalign.notebooks.model import Cell, Notebook

_MOST_MENDS = 8  # lines that are left out of one cell before the whole cell is given up
_MOST_SOURCE = 60_000  # characters of one cell that are parsed
_SKIPPED_CELLS = re.compile(
    r"%%(?:bash|sh|script|html|javascript|js|latex|svg|markdown|md|writefile|file|sql|R|perl|ruby|cmd|configure|bigquery|"
    r"cython|pip|fs|scala|system|!)\b",
    re.IGNORECASE,
)
_RUN_LINE = re.compile(r"^(\s*)%(?:time|timeit|prun|memit|lprun)\b(?:\s+-\S+(?:\s+\d+)?)*\s*(.*)$")
_CAPTURED = re.compile(r"^(\s*)([A-Za-z_]\w*)\s*=\s*([!%])(.*)$")
_HELP = re.compile(r"^\s*(?:\?{1,2}[\w.]+|[\w.\[\]'\"]+\?{1,2})\s*$")
_OLD_PRINT = re.compile(r"^(\s*)print\s+(?![=(])(.+?)\s*;?$|^(\s*)print\s*$")


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


@dataclass(frozen=True, slots=True, eq=False)
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
            for node in ast.walk(cell.tree):
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
    lines, shell = _without_magics(cell)
    tree, problem = _parse(lines)
    if len(cell.source) > _MOST_SOURCE:
        problem = problem or "only its beginning was read: it is very long"
    return CodeCell(cell.number, cell, tree, tuple(shell), problem)


def _without_magics(cell: Cell) -> tuple[list[str], list[Shell]]:
    """The lines that are Python (others blanked, so that line numbers stay), and the commands."""
    lines = cell.source[:_MOST_SOURCE].split("\n")
    shell: list[Shell] = []
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if lines and lines[first].lstrip().startswith("%%"):
        head = lines[first].strip()
        if _SKIPPED_CELLS.match(head):
            if re.match(r"%%(?:bash|sh|script|cmd|system|!|pip)\b", head, re.IGNORECASE):
                start = "pip " if head.startswith("%%pip") else ""
                shell = [
                    Shell(cell.number, i + 1, start + t.strip()) for i, t in enumerate(lines[first + 1 :], first + 1)
                ]
            return [""] * len(lines), [s for s in shell if s.text]
        lines[first] = ""
    for index, line in enumerate(lines):
        text = line.strip()
        if text.startswith(("!", "%")):
            run = _RUN_LINE.match(line)
            if run and run.group(2):
                lines[index] = run.group(1) + run.group(2)
                continue
            shell.append(Shell(cell.number, index + 1, text.lstrip("!%").strip()))
            lines[index] = line[: len(line) - len(line.lstrip())] + "pass"
        elif re.match(r"^(?:pip3?|conda|mamba)\s+(?:install|uninstall)\b", text):
            shell.append(Shell(cell.number, index + 1, text))
            lines[index] = ""
        elif _HELP.match(line):
            lines[index] = ""
        elif captured := _CAPTURED.match(line):
            indent, name, mark, rest = captured.groups()
            run = _RUN_LINE.match("%" + rest) if mark == "%" else None
            shell.append(Shell(cell.number, index + 1, rest.strip()))
            lines[index] = f"{indent}{name} = {run.group(2) if run and run.group(2) else 'None'}"
    return lines, shell


def _parse(lines: list[str]) -> tuple[ast.Module, str]:
    """Parses as much as can be parsed: lines at which the parser stops are left out one after the other."""
    lines = list(lines)
    problem = ""
    for _ in range(_MOST_MENDS):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse("\n".join(lines)), problem
        except SyntaxError as error:
            at = min(max((error.lineno or 1) - 1, 0), len(lines) - 1)
            if _mend_print(lines):
                continue
            problem = problem or f"line {at + 1} is not Python: {error.msg}"
            if not lines[at].strip():
                return ast.Module([], []), problem
            lines[at] = _blank(lines[at])
        except (ValueError, RecursionError, MemoryError):
            return ast.Module([], []), "its code is nested too deeply or holds characters that Python does not take"
    return ast.Module([], []), problem


def _blank(line: str) -> str:
    """A statement that does nothing, at the same depth, in the place of a line that does not parse."""
    return line[: len(line) - len(line.lstrip())] + "pass" if line.strip() != "pass" else ""


def _mend_print(lines: list[str]) -> bool:
    """Writes Python 2's print statements as calls; whether there were any."""
    mended = False
    for index, line in enumerate(lines):
        if found := _OLD_PRINT.match(line):
            lines[index] = f"{found.group(1)}print({found.group(2)})" if found.group(2) else f"{found.group(3)}print()"
            mended = True
    return mended


def _imports(cell: CodeCell) -> Iterator[Import]:
    top = {id(node) for node in cell.tree.body}
    for node in ast.walk(cell.tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                alias = name.asname or name.name.split(".")[0]
                yield Import(cell.number, node.lineno, name.name, "", alias, id(node) not in top)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for name in node.names:
                yield Import(cell.number, node.lineno, module, name.name, name.asname or name.name, id(node) not in top)
