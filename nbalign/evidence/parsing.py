"""The Python in a code cell: magics and shell lines set aside, Python 2 mended, broken and bottomless code left out."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

_MOST_MENDS = 8  # lines that are left out of one cell before the whole cell is given up
_MOST_SOURCE = 60_000  # characters of one cell that are parsed
# Nodes within nodes. Python's stack takes about 1,000 calls, and writing a node out takes up to six for each level;
# people's code is seldom 30 levels deep. What is left out here can crash nothing that walks the trees later.
MOST_LEVELS = 130
_OTHER_LANGUAGES = (
    "bash|sh|script|html|javascript|js|latex|svg|markdown|md|writefile|file|sql|R|perl|ruby|cmd|configure|bigquery|"
    "cython|pip|fs|scala|system|!"
)
_SKIPPED_CELLS = re.compile(rf"%%(?:{_OTHER_LANGUAGES})(?!\w)", re.IGNORECASE)
# Databricks marks a cell of another language by one percent sign; all but `%md` are line magics elsewhere.
_ONE_PERCENT = re.compile(r"%(?:md(?:-sandbox)?\b|(?:sql|scala|r|sh|fs|html)\s*$)", re.IGNORECASE)
_SHELL_CELLS = re.compile(r"%%?(?:bash|sh|script|cmd|system|!|pip)(?!\w)", re.IGNORECASE)
_RUN_LINE = re.compile(r"^(\s*)%(?:time|timeit|prun|memit|lprun)\b(?:\s+-\S+(?:\s+\d+)?)*\s*(.*)$")
_CAPTURED = re.compile(r"^(\s*)([A-Za-z_]\w*)\s*=\s*([!%])(.*)$")
_HELP = re.compile(r"^\s*(?:\?{1,2}[\w.]+|[\w.\[\]'\"]+\?{1,2})\s*$")
_MODULO = re.compile(r"%\s*[(\[{]")  # the second line of a formatted text, not a magic
_INSTALL = re.compile(r"^(?:pip3?|conda|mamba)\s+(?:install|uninstall)\b")
_OLD_PRINT = re.compile(r"^(\s*)print\s+(?![=(])(.+?)\s*;?$|^(\s*)print\s*$")
_OLD_EXCEPT = re.compile(r"^(\s*except\s+[\w.()]+(?:\s*,\s*[\w.]+\s*\))?)\s*,\s*(\w+)\s*:")
_OLD_RAISE = re.compile(r"^(\s*raise\s+[\w.]+)\s*,\s*(.+)$")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one cell holds.

    Attributes:
        tree: What could be parsed; an empty module when nothing could. Lines are those of the cell.
        commands: (line, text) of commands to the shell and line magics, without `!` or `%`.
        problem: Why a part, or all, was not parsed; empty when all was.
    """

    tree: ast.Module
    commands: tuple[tuple[int, str], ...] = ()
    problem: str = ""


def parse_cell(source: str) -> Parsed:
    """Parses one code cell; never raises."""
    lines = source[:_MOST_SOURCE].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    tree, problem = _try(lines)
    commands: list[tuple[int, str]] = []
    if tree is None and not problem:  # plain Python has no magics, even where a line begins with %
        lines, commands = _without_magics(lines)
        tree, problem = _parse(lines)
    tree, too_deep = _shallow(tree or ast.Module([], []))
    problem = problem or too_deep
    if len(source) > _MOST_SOURCE:
        problem = problem or "only its beginning was read: it is very long"
    return Parsed(tree, tuple(commands), problem)


def _try(lines: list[str]) -> tuple[ast.Module | None, str]:
    """The tree; None when it is not Python, with the reason when that cannot be mended."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse("\n".join(lines)), ""
    except SyntaxError:
        return None, ""
    except (ValueError, RecursionError, MemoryError):
        return None, "its code is nested too deeply or holds characters that Python does not take"


def _without_magics(lines: list[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """The lines that are Python (others blanked, so that line numbers stay), and the commands."""
    lines = list(lines)
    commands: list[tuple[int, str]] = []
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    head = lines[first].strip()
    if _SKIPPED_CELLS.match(head) or _ONE_PERCENT.match(head):
        if _SHELL_CELLS.match(head):
            start = "pip " if head.lower().startswith("%%pip") else ""
            commands = [(i + 1, start + t.strip()) for i, t in enumerate(lines[first + 1 :], first + 1) if t.strip()]
        return [""] * len(lines), commands
    if head.startswith("%%"):
        lines[first] = ""
    index = 0
    while index < len(lines):
        index = _set_aside(lines, index, commands) + 1
    return lines, commands


def _set_aside(lines: list[str], index: int, commands: list[tuple[int, str]]) -> int:
    """Puts something that does nothing in the place of a line that is no Python; returns the last line it takes."""
    line = lines[index]
    text = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    before = lines[index - 1].rstrip() if index else ""
    goes_on = text.startswith("%") and (_MODULO.match(text) or before.endswith(("'", '"', "\\")))
    if (text.startswith(("!", "%")) and not goes_on) or _INSTALL.match(text):
        run = _RUN_LINE.match(line)
        if run and run.group(2):
            lines[index] = run.group(1) + run.group(2)
            return index
        number = index + 1
        lines[index] = "" if _INSTALL.match(text) else indent + "pass"
        while text.endswith("\\") and index + 1 < len(lines):  # a command that goes on in the next line
            index += 1
            text = f"{text[:-1].rstrip()} {lines[index].strip()}"
            lines[index] = ""
        commands.append((number, text.lstrip("!%").strip()))
    elif _HELP.match(line):
        lines[index] = ""
    elif captured := _CAPTURED.match(line):
        indent, name, mark, rest = captured.groups()
        run = _RUN_LINE.match("%" + rest) if mark == "%" else None
        commands.append((index + 1, rest.strip()))
        lines[index] = f"{indent}{name} = {run.group(2) if run and run.group(2) else 'None'}"
    return index


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
            if _mend_old(lines):
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


def _mend_old(lines: list[str]) -> bool:
    """Writes Python 2's statements as Python 3's; whether there were any."""
    mended = False
    for index, line in enumerate(lines):
        if found := _OLD_PRINT.match(line):
            lines[index] = f"{found.group(1)}print({found.group(2)})" if found.group(2) else f"{found.group(3)}print()"
        elif found := _OLD_EXCEPT.match(line):
            lines[index] = f"{found.group(1)} as {found.group(2)}:{line[found.end() :]}"
        elif found := _OLD_RAISE.match(line):
            lines[index] = f"{found.group(1)}({found.group(2)})"
        mended = mended or lines[index] != line
    return mended


def _shallow(tree: ast.Module) -> tuple[ast.Module, str]:
    """The tree without statements that are nested deeper than anything that walks it can bear."""
    problem = ""
    for index, statement in enumerate(tree.body):
        if _deep(statement):
            problem = problem or f"line {statement.lineno} is nested too deeply"
            tree.body[index] = ast.copy_location(ast.Pass(), statement)
    return tree, problem


def _deep(statement: ast.stmt) -> bool:
    level: list[ast.AST] = [statement]
    for _ in range(MOST_LEVELS):
        level = [inner for node in level for inner in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True
