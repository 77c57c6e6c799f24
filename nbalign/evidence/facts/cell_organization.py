"""Facts about cell organization: headings and words, the size of cells, leftovers, and the order they run in."""

from __future__ import annotations

from collections.abc import Iterator

from nbalign.evidence.facts.cells.cell_leftovers import (
    commented_code,
    copies,
    empty_cells,
    idle_functions,
    notes_to_self,
)
from nbalign.evidence.facts.cells.cell_order import descents, never_run, read_astray
from nbalign.evidence.facts.cells.cell_shape import Shape, read_functions, read_shapes
from nbalign.evidence.facts.cells.cell_words import Outline, read_outline
from nbalign.evidence.facts.reading.failures import read_failures
from nbalign.evidence.facts.reading.name_uses import Names, read_names
from nbalign.evidence.model import Fact, Kind, Polarity
from nbalign.evidence.source import Source

DIMENSION = "cell_organization"


def _kind(name: str, polarity: Polarity, points: float, meaning: str) -> Kind:
    return Kind(name, DIMENSION, polarity, points, meaning)


HEADINGS = _kind("headings_mark_stages", "good", 0.3, "Three headings or more, and most code comes after the first.")
WORDS = _kind(
    "words_explain", "good", 0.15, "Prose stands next to the code: 80 words or more, by a quarter of the cells."
)
IN_ORDER = _kind("runs_in_order", "good", 0.2, "Execution counts ascend and no name is used before it is made.")
SMALL = _kind("small_cells", "good", 0.2, "No code cell has more than 25 lines of code, and there are at least five.")
DOCUMENTED = _kind("functions_documented", "good", 0.05, "Two functions or more, and most of them have docstrings.")
NO_HEADINGS = _kind("headings_missing", "gap", -0.3, "No heading at all, but some words between the code.")
START = _kind("start_unheaded", "gap", -0.3, "Code that does more than import comes before the first heading.")
STRETCH = _kind("stretch_unheaded", "gap", -0.2, "Ten code cells or more in a row without a heading between them.")
FEW_WORDS = _kind("words_few", "gap", -0.1, "Fewer than 40 words of prose, or fewer than 4 a code cell.")
LONG = _kind("cell_long", "gap", -0.3, "A code cell has more than 25 lines of code.")
MIXED = _kind("cell_mixes_stages", "gap", -0.2, "A cell does four stages of the work or more, or a function five.")
COMMENTED = _kind("commented_code", "gap", -0.1, "Code is left commented out; three cells or more count fully.")
TODO = _kind("todo_left", "gap", -0.1, "A comment says TODO, FIXME or the like.")
EMPTY = _kind("empty_cells", "gap", -0.05, "Empty code cells stand between others.")
IDLE = _kind("function_unused", "gap", -0.1, "A function or class is defined but used nowhere.")
COPIED = _kind("code_copied", "gap", -0.1, "Four lines or more are the same in two cells.")
FAILED = _kind("cell_failed", "gap", -0.15, "A cell ended in an error in the saved outputs.")
RERUN = _kind("run_out_of_order", "gap", -0.3, "Execution counts do not ascend from top to bottom.")
NEVER_RUN = _kind("cell_never_run", "gap", -0.15, "A few code cells were never run while the others were.")
NONE_RUN = _kind("no_cell_run", "neutral", 0, "No code cell was run.")
GIANT = _kind("cell_giant", "fault", -1.0, "A cell of over 50 lines, or nearly all code in one to three cells.")
NO_STRUCTURE = _kind(
    "structure_missing", "fault", -1.0, "Three code cells or over 30 lines, but neither headings nor words."
)
ASTRAY = _kind("used_before_made", "fault", -1.5, "A name is used in a cell before the one that makes it.")
UNMADE = _kind("name_unmade", "fault", -1.0, "A cell fails on a name that no cell makes and that is no library's.")
KINDS: tuple[Kind, ...] = (
    HEADINGS, WORDS, IN_ORDER, SMALL, DOCUMENTED, NO_HEADINGS, START, STRETCH, FEW_WORDS, LONG, MIXED, COMMENTED, TODO,
    EMPTY, IDLE, COPIED, FAILED, RERUN, NEVER_RUN, NONE_RUN, GIANT, NO_STRUCTURE, ASTRAY, UNMADE,
)  # fmt: skip
_LONG = 25
_GIANT = 50
_MOST = 3  # facts of one kind; more say nothing new


def facts(source: Source) -> list[Fact]:
    """The facts of this dimension."""
    shapes = read_shapes(source.code)
    if not shapes:
        return []
    names = read_names(source.code)
    outline = read_outline(source.notebook)
    return [
        *_words(outline, shapes),
        *_sizes(source, shapes),
        *_leftovers(source, names),
        *_order(source, names, shapes),
    ]


def _words(outline: Outline, shapes: tuple[Shape, ...]) -> Iterator[Fact]:
    count = len(outline.headings)
    code = len(shapes)
    lines = sum(s.lines for s in shapes)
    early = [s.cell for s in shapes if s.cell in outline.unheaded and not s.importing and s.lines]
    covered = len(outline.headed) / max(1, len(outline.headed) + len(early))
    if not count and outline.prose < 20 and (code >= 3 or lines > 30):
        what = "no markdown" if not outline.prose else f"only {outline.prose} words of markdown"
        yield NO_STRUCTURE.fact(f"{what} beside the code, no markdown heading at all")
        return
    if not count:
        yield NO_HEADINGS.fact(f"no heading in the whole notebook ({_cells(code)})")
    elif count >= 3 and covered >= 0.7:
        cells = tuple(dict.fromkeys(outline.headings))
        many = f"{count} headings or bold titles" if outline.bold else f"{count} headings"
        yield HEADINGS.fact(f"{many} mark the stages", cells, None if count >= 5 else 0.05)
    elif count < 3 and code >= 5:
        what = "headings or bold titles" if outline.bold else "headings" if count > 1 else "heading"
        text = f"only {count} {what} for {_cells(code)}"
        yield NO_HEADINGS.fact(text, outline.headings, -0.2)
    if count and early:
        before = len(outline.unheaded)
        lead = "one code cell comes" if before == 1 else f"{before} code cells come"
        first = "heading or bold title" if outline.bold else "heading"
        yield START.fact(f"{lead} before the first {first}", outline.unheaded, -0.2 if count < 5 else None)
    if len(outline.longest) >= 10:
        yield STRETCH.fact(f"{len(outline.longest)} code cells in a row without a heading", outline.longest[:1])
    told = len(outline.told) / code
    if outline.prose >= 80 and told >= 0.25:
        told_in = [number for number, words in outline.words.items() if words >= 5]
        yield WORDS.fact(f"{outline.prose} words of text between the code", told_in)
    elif outline.prose < 40 or outline.prose < 4 * code:
        text = "no explaining text" if not outline.prose else f"only {outline.prose} words of text"
        yield FEW_WORDS.fact(f"{text} beside {_cells(code)}")


def _cells(count: int) -> str:
    return "1 code cell" if count == 1 else f"{count} code cells"


def _sizes(source: Source, shapes: tuple[Shape, ...]) -> Iterator[Fact]:
    working = [s for s in shapes if not s.importing and s.lines > 3]
    total, whole = sum(s.lines for s in shapes), sum(s.written for s in shapes)
    giants = [s for s in shapes if s.live > _GIANT]
    crowded = bool(working) and len(working) <= 3 and len(shapes) <= 4 and total > 40
    grave = giants or (working if crowded else [])
    if grave:
        most = max(s.written for s in grave)
        alone = f"a giant cell of {most} lines"
        if len(grave) > 1:
            alone = f"{len(grave)} giant cells, up to {most} lines each"
        hold = "holds" if len(grave) == 1 else "hold"
        more = f", {hold} most of the code" if sum(s.written for s in grave) * 2 > whole else ""
        yield GIANT.fact(alone + more, [s.cell for s in grave])
    long = [s for s in shapes if s.lines > _LONG and s not in grave]
    for place, shape in enumerate(sorted(long, key=lambda s: -s.live)[:_MOST]):
        mild = shape.live <= 15 and shape.lines <= 35  # mostly functions
        points = -0.1 if place else -0.15 if mild else None  # the first says most of it
        yield LONG.fact(f"a long cell of {shape.written} lines, blank ones and comments aside", [shape.cell], points)
    if len(shapes) >= 5 and all(s.lines <= _LONG for s in shapes):
        most, rest = max(s.written for s in shapes), max(s.written - s.imports for s in shapes)
        text = f"more than {most} lines of code" if most <= _LONG else f"more than {rest} lines besides imports"
        yield SMALL.fact(f"cells are small, none has {text}")
    for place, shape in enumerate([s for s in shapes if len(s.stages) >= 4][:_MOST]):
        yield MIXED.fact(f"one cell does {_and(shape.stages)}", [shape.cell], -0.1 if place else None)
    functions = read_functions(source.code)
    for own in [f for f in functions if len(f.stages) >= 5][:_MOST]:
        yield MIXED.fact(f"{own.name[:40]}() does {_and(own.stages)} in one", [own.cell], -0.1)
    outer = [f for f in functions if not f.private]
    told = [f for f in outer if f.documented]
    if len(told) >= 2 and len(told) * 3 >= len(outer) * 2:
        yield DOCUMENTED.fact(f"{len(told)} of {len(outer)} functions have docstrings", {f.cell for f in told})


def _leftovers(source: Source, names: Names) -> Iterator[Fact]:
    code = source.code
    switched_off = {c.number: n for c in code.cells if (n := commented_code(c))}
    if switched_off:
        lines, cells = sum(switched_off.values()), len(switched_off)
        where = "one cell" if cells == 1 else f"{cells} cells"
        text = f"{lines} line{'s' if lines > 1 else ''} of commented-out code left in {where}"
        points = -0.4 if cells >= 3 else -0.25 if cells == 2 or lines >= 6 else None
        yield COMMENTED.fact(text, switched_off, points)
    if todo := notes_to_self(code):
        yield TODO.fact("a TODO is left in the comments", todo)
    if empty := empty_cells(code):
        text = "an empty code cell" if len(empty) == 1 else f"{len(empty)} empty code cells"
        yield EMPTY.fact(f"{text} left in", empty, -0.15 if len(empty) >= 3 else None)
    idle = idle_functions(read_functions(code), names)
    if idle:
        listed = ", ".join(f.name[:40] for f in idle[:3]) + (f" and {len(idle) - 3} more" if len(idle) > 3 else "")
        verb = "is" if len(idle) == 1 else "are"
        yield IDLE.fact(
            f"{listed} {verb} defined but never used", {f.cell for f in idle}, -0.2 if len(idle) > 2 else None
        )
    lines, places = copies(code)
    if lines:
        yield COPIED.fact(f"{lines} lines are copies of lines in another cell", places, -0.25 if lines >= 10 else None)


def _order(source: Source, names: Names, shapes: tuple[Shape, ...]) -> Iterator[Fact]:
    failures = read_failures(source.notebook)
    astray = read_astray(source.code, names, failures)
    for one in [a for a in astray if a.made][:_MOST]:
        end = "and the cell fails" if one.failed else "so it runs only out of order"
        yield ASTRAY.fact(f"{one.name[:40]} is used here but made only in [{one.made}], {end}", [one.cell])
    for one in [a for a in astray if not a.made][:_MOST]:
        yield UNMADE.fact(f"{one.name[:40]} is used but made in no cell: the cell fails", [one.cell])
    failed = list(dict.fromkeys(f.cell for f in failures))
    if failed:
        kinds = ", ".join(dict.fromkeys(f.error for f in failures))[:60]
        text = "a failed cell is left in" if len(failed) == 1 else f"{len(failed)} failed cells are left in"
        yield FAILED.fact(f"{text} ({kinds})", failed, -0.3 if len(failed) > 1 else None)
    back = descents(source.code)
    if back:
        before, after = back[0]
        more = f", and {len(back) - 1} more" if len(back) > 1 else ""
        text = f"not run top to bottom: [{after}] ran before [{before}]{more}"
        yield RERUN.fact(text, [cell for pair in back[:5] for cell in pair])
    counted = any(c.cell.execution_count is not None for c in source.code.cells)
    if counted and not back and not astray:
        yield IN_ORDER.fact("cells ran in order from top to bottom")
    elif not counted and not astray and not names.open and not source.code.unread:
        yield IN_ORDER.fact("no name is used before the cell that makes it", points=0.1)
    if not counted:
        yield NONE_RUN.fact("no cell has an execution count")
    elif unrun := never_run(source.code):
        text = "one cell was never run" if len(unrun) == 1 else f"{len(unrun)} cells were never run"
        yield NEVER_RUN.fact(text, unrun)


def _and(parts: tuple[str, ...]) -> str:
    return ", ".join(parts[:-1]) + f" and {parts[-1]}"
