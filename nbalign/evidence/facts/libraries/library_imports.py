"""A notebook's imports: where they stand, which are used, and which are lacking."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from nbalign.evidence.code import Code, CodeCell, Import
from nbalign.evidence.facts.libraries.library_known import SIDE_EFFECTS, is_standard, library_of, provided
from nbalign.evidence.facts.reading.failures import Failure
from nbalign.evidence.facts.reading.name_scopes import Making, Use
from nbalign.evidence.facts.reading.name_uses import Names
from nbalign.evidence.facts.reading.words import words
from nbalign.evidence.syntax import called_name

# Calls that only set things up: a cell of imports may hold them and still be one.
_SETTING = words(
    "filterwarnings simplefilter set_option use set set_theme set_style set_palette set_context rc update "
    "seed set_seed random_seed manual_seed basicConfig getLogger setLevel display_html init_notebook_mode "
    "autolog set_config set_verbosity reset_option set_tracking_uri set_experiment enable_notebook setdefault "
    "walk join print append insert getenv Path resolve default_rng RandomState register_matplotlib_converters "
    "disable_warnings"
)


@dataclass(frozen=True, slots=True)
class Places:
    """Where imports stand.

    Attributes:
        top: Cells of the first run of import cells.
        stray: Cells with imports at their top level after it.
        stars: (module, cell) of every star import.
    """

    top: tuple[int, ...]
    stray: tuple[int, ...]
    stars: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """A library's name that is not there when it is used.

    Attributes:
        name: The name, such as `sns`.
        library: The library it stands for.
        cells: Cells that use it in vain.
        late: The cell that imports it after its use; 0 when none does.
        failed: Whether a saved output says that it was not there.
    """

    name: str
    library: str
    cells: tuple[int, ...]
    late: int
    failed: bool


def places(code: Code) -> Places:
    """Where the imports at the top level of cells stand; those inside functions and branches are left out."""
    holders = {i.cell for i in code.imports if not i.nested and i.module != "__future__"}
    top: list[int] = []
    stray: list[int] = []
    ended = False
    for cell in code.cells:
        if cell.number in holders:
            (stray if ended else top).append(cell.number)
        if top and not ended:
            ended = _works(cell)
    stars = tuple((i.module[:40], i.cell) for i in code.imports if i.name == "*")
    return Places(tuple(top), tuple(stray), stars)


def _works(cell: CodeCell) -> bool:
    """Whether a cell does more than import and set up."""
    for node in cell.tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass | ast.FunctionDef | ast.ClassDef):
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call):
                name = called_name(inner)
                if name not in _SETTING:
                    return True
    return False


def unused(code: Code, names: Names) -> list[Import]:
    """Imports at the top level of cells whose names are used nowhere, each name once."""
    used = {use.name for use in names.uses} | names.mentioned | names.quoted
    used |= {name for name, made in names.made.items() if any(making.how != "import" for making in made)}
    found: dict[str, Import] = {}
    for one in code.imports:
        if one.nested or one.name == "*" or one.alias in used or one.alias.startswith("_"):
            continue
        if (
            SIDE_EFFECTS.match(f"{one.module}.{one.name}")
            or SIDE_EFFECTS.match(one.module)
            or one.module.startswith(".")
        ):
            continue
        found.setdefault(one.alias, one)
    return list(found.values())


def weight(code: Code, idle: Sequence[Import]) -> float:
    """What unused imports weigh: 1 a package that is loaded for nothing, half for the rest."""
    for_nothing = {i.alias for i in idle}
    needed = {i.top for i in code.imports if i.alias not in for_nothing}
    return sum(0.5 if i.top in needed or is_standard(i.top) else 1.0 for i in idle)


def repeated(code: Code) -> tuple[list[str], set[int]] | None:
    """Names imported more than once from the same place, and the cells of the repetitions."""
    seen: set[tuple[str, str, str]] = set()
    names: list[str] = []
    cells: set[int] = set()
    for one in code.imports:
        key = (one.module, one.name, one.alias)
        if one.nested or one.name == "*":
            continue
        if key in seen:
            cells.add(one.cell)
            if one.alias not in names:
                names.append(one.alias)
        seen.add(key)
    return (names, cells) if names else None


def missing(code: Code, names: Names, failures: Sequence[Failure]) -> list[Lack]:
    """Names of libraries that are used but imported nowhere, or only after their use."""
    failed = {(f.cell, f.subject) for f in failures if f.kind == "name"}
    # A cell that ran well had its names from somewhere, so that only cells never run speak of order.
    unrun = {c.number for c in code.cells if c.cell.execution_count is None and not c.cell.outputs}
    by_name: dict[str, list[Use]] = {}
    for use in names.uses:
        by_name.setdefault(use.name, []).append(use)
    found = []
    for name, uses in by_name.items():
        in_vain = tuple(sorted(cell for cell, subject in failed if subject == name))
        made = names.made.get(name)
        if not made and not provided(name) and (library := library_of(name)):
            sure = not names.open and name not in names.mentioned and not all(u.guarded for u in uses)
            if sure or in_vain:
                cells = in_vain or tuple(dict.fromkeys(u.cell for u in uses))[:4]
                found.append(Lack(name, library, cells, 0, bool(in_vain)))
        elif made and all(m.how == "import" for m in made):
            late = _late(code, uses, made[0], in_vain, unrun, names)
            if late is not None:
                found.append(late)
    return sorted(found, key=lambda lack: (not lack.failed, lack.cells))


def _late(
    code: Code, uses: list[Use], made: Making, in_vain: tuple[int, ...], unrun: set[int], names: Names
) -> Lack | None:
    """A name whose first import comes after a use; what fails only because its import failed is not its own fault."""
    name = made.name
    library = code.aliases.get(name, name)
    before = tuple(c for c in in_vain if c < made.cell)
    if before:
        return Lack(name, library, before, made.cell, True)
    early = [u for u in uses if u.order < made.order and u.cell < made.cell and not u.deferred and not u.guarded]
    early = [u for u in early if u.cell in unrun]
    if early and not names.open and name not in names.mentioned:
        return Lack(name, library, tuple(dict.fromkeys(u.cell for u in early))[:4], made.cell, False)
    return None
