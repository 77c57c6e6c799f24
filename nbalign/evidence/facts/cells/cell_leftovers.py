"""What was left lying about in code cells: commented-out code, notes to oneself, copies, and what is never used."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable

from nbalign.evidence.code import Code, CodeCell
from nbalign.evidence.facts.cells.cell_shape import OwnFunction
from nbalign.evidence.facts.libraries.library_known import is_known
from nbalign.evidence.facts.reading.name_uses import Names
from nbalign.evidence.facts.reading.words import words

_TODO = re.compile(r"#.{0,80}\b(?:TODO|FIXME|XXX|HACK)\b")
# What people write in formulas and explanations, with brackets behind it, and do not mean as code.
_MATHS = words("sqrt log exp mean sum abs max min round var std len sin cos log1p P p f g N O Var E corr array")
_CALLED = words("print display len sorted list dict set tuple zip enumerate range open type isinstance help dir plt df")
_WINDOW = 4  # lines that must be the same to be called a copy
_MOST_TRIES = 300  # in one block of comments
_MOST_LINES = 20_000


def commented_code(cell: CodeCell) -> int:
    """Lines of a cell that are code behind a comment sign."""
    inside = _string_lines(cell)
    found = 0
    block: list[str] = []
    for number, line in enumerate([*cell.cell.source.split("\n")[:3_000], ""], 1):
        text = line.strip()
        if text.startswith("#") and not text.startswith(("#!", "# %%", "#%%")) and number not in inside:
            block.append(re.sub(r"^#+ ?", "", text))
            continue
        found += _code_lines(block)
        block = []
    return found + _quoted_code(cell.tree)


def _code_lines(block: list[str]) -> int:
    found = 0
    index = 0
    tries = _MOST_TRIES
    while index < len(block) and tries > 0:
        # A statement over several lines: the longest run that parses counts, up to a screen.
        for end in range(min(len(block), index + 12), index, -1):
            part = block[index:end]
            if end - index > 1 and not part[0].rstrip().endswith((":", "(", "[", "{", ",", "\\")):
                continue
            tries -= 1
            if _is_code("\n".join(part)):
                found += end - index
                index = end
                break
        else:
            index += 1
    return found


def _is_code(text: str) -> bool:
    """Whether a comment is code that was switched off, and surely not prose, a formula or a shown value."""
    text = text.rstrip()
    if re.match(r"[A-Za-z_]\w* +\(", text):  # "mean (of all)" would parse as a call
        return False
    if not text.strip() or len(text) > 2_000 or not re.search(r"[=(\[]|^\s*(?:import|from) ", text):
        return False
    tries = [text, f"{text}\n    pass" if text.endswith(":") else ""]
    if text.endswith(","):
        tries += [f"{{{text}}}", f"_({text})"]
    for attempt in tries:
        tree = _parsed(attempt) if attempt else None
        if tree is not None and any(_does(node) for node in tree.body):
            return True
    return False


def _parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _does(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return all(a.asname or is_known(a.name.split(".")[0]) for a in node.names)
    if isinstance(node, ast.ImportFrom):
        return True
    if isinstance(node, ast.Assign | ast.AugAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(target, ast.Subscript | ast.Attribute):
            return not isinstance(node.value, ast.Name)
        return _calls(node.value) or isinstance(node.value, ast.List | ast.Dict | ast.Subscript)
    if isinstance(node, ast.For | ast.While | ast.With | ast.If | ast.FunctionDef | ast.ClassDef | ast.Try):
        telling = ast.Call | ast.Subscript | ast.Attribute
        return isinstance(node, ast.FunctionDef) or any(isinstance(inner, telling) for inner in ast.walk(node))
    if isinstance(node, ast.Expr):
        value = node.value
        if isinstance(value, ast.Dict):
            return any(v is not None and _calls(v) for v in value.values)
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "_":
            handed = any(k.arg and not isinstance(k.value, ast.Name) for k in value.keywords)
            return handed or any(_calls(a) for a in value.args)
        if isinstance(value, ast.Tuple):
            return any(_calls(part) for part in value.elts)
        return _calls(value)
    return False


def _calls(node: ast.AST) -> bool:
    """Whether an expression calls something other than maths."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    if isinstance(node, ast.BinOp):
        return _calls(node.left) or _calls(node.right)
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        return True
    if not isinstance(node.func, ast.Name):
        return False
    name = node.func.id
    if name in _MATHS:
        return False
    # "column(s)" is prose; a call shows by its name or by what is handed over.
    telling = name in _CALLED or "_" in name.strip("_") or re.search(r"[a-z][A-Z]|[A-Z][a-z]|[A-Z]{2}", name)
    handed = any(isinstance(a, ast.Constant | ast.Attribute | ast.Subscript | ast.Call | ast.List) for a in node.args)
    return bool(telling or handed or node.keywords)


def _string_lines(cell: CodeCell) -> set[int]:
    """Lines that lie inside strings of several lines."""
    found: set[int] = set()
    for node in cell.nodes:
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            found.update(range(node.lineno + 1, (node.end_lineno or node.lineno) + 1))
    return found


def _quoted_code(tree: ast.Module) -> int:
    """Lines of code that were switched off by making them a string."""
    found = 0
    for node in tree.body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            inner = _parsed(node.value.value)
            lines = [line for line in node.value.value.split("\n") if line.strip()]
            if len(lines) > 1 and inner is not None and inner.body and all(_does(n) for n in inner.body):
                found += len(lines)
    return found


def notes_to_self(code: Code) -> list[int]:
    """Cells with TODO, FIXME and the like."""
    return [c.number for c in code.cells if any(_TODO.search(line[:500]) for line in c.cell.source.split("\n"))]


def empty_cells(code: Code) -> list[int]:
    """Code cells with nothing in them; the last cell of a notebook is left out, where editors put one by themselves."""
    last = len(code.notebook.cells)
    return [c.number for c in code.cells if not c.cell.source.strip() and c.number != last]


def idle_functions(functions: Iterable[OwnFunction], names: Names) -> list[OwnFunction]:
    """Functions and classes at the top level of cells that nothing in the notebook uses."""
    if names.open:
        return []
    used = {use.name for use in names.uses} | names.mentioned | names.quoted
    return [f for f in functions if not f.private and f.name not in used and not f.name.startswith("_")]


def copies(code: Code) -> tuple[int, tuple[int, ...]]:
    """Code that stands in more than one place.

    Returns:
        How many lines are copies of earlier ones in another cell, and the cells of both; (0, ()) for none.
    """
    seen: dict[tuple[str, ...], int] = {}
    count = 0
    cells: set[int] = set()
    budget = _MOST_LINES
    for cell in code.cells:
        lines = [t for line in cell.cell.source.split("\n") if _telling(t := line.strip()[:300])][:budget]
        budget -= len(lines)
        copied: set[int] = set()
        for start in range(len(lines) - _WINDOW + 1):
            window = tuple(lines[start : start + _WINDOW])
            first = seen.setdefault(window, cell.number)
            if first != cell.number and sum(map(len, window)) >= 100:
                copied.update(range(start, start + _WINDOW))
                cells |= {first, cell.number}
        count += len(copied)
    return count, tuple(sorted(cells))


def _telling(line: str) -> bool:
    """Whether a line says something: not blank, a comment, an import, a bracket or the drawing of a figure."""
    return len(line) > 3 and not line.startswith(("#", "%", "!", "import ", "from ", "plt.", "ax.", ")", "]", "}"))
