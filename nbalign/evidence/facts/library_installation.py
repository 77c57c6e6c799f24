"""Facts about library installation: imports, installs, and what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nbalign.evidence.facts.libraries.library_gone import Gone, read_gone, version_of, why_gone, why_unnamed
from nbalign.evidence.facts.libraries.library_imports import missing, places, repeated, unused, weight
from nbalign.evidence.facts.libraries.library_installs import Install, normal, read_installs
from nbalign.evidence.facts.libraries.library_known import EXTRAS
from nbalign.evidence.facts.reading.failures import read_failures
from nbalign.evidence.facts.reading.name_uses import read_names
from nbalign.evidence.model import Fact, Kind, Polarity
from nbalign.evidence.source import Source

DIMENSION = "library_installation"


def _kind(name: str, polarity: Polarity, points: float, meaning: str) -> Kind:
    return Kind(name, DIMENSION, polarity, points, meaning)


TOGETHER = _kind("imports_together", "good", 0.4, "All imports at the top level of cells stand in one run of cells.")
USED = _kind("imports_used", "good", 0.2, "Every name that is imported is used somewhere in the notebook.")
COMPLETE = _kind("imports_complete", "good", 0.2, "Every name of a library that is used is imported before its use.")
PINNED = _kind("install_pinned", "good", 0.2, "Every package that is installed has a pinned or bounded version.")
SCATTERED = _kind("imports_scattered", "gap", -0.3, "Imports stand in cells after the first run of import cells.")
UNUSED = _kind("import_unused", "gap", -0.05, "An imported name is used nowhere; several count more than one.")
REPEATED = _kind("import_repeated", "gap", -0.1, "The same name is imported from the same place more than once.")
STAR = _kind("import_star", "gap", -0.2, "Everything is imported from a module, so that it is not seen what is used.")
UNPINNED = _kind("install_unpinned", "gap", -0.6, "A package is installed without a version.")
MISSING_INSTALL = _kind(
    "install_missing", "gap", -0.4, "A package beyond the usual base (MLflow is in it) is imported but never installed."
)
WRONG_INSTALL = _kind("install_wrong", "gap", -0.4, "A package is installed by a name that is a deprecated stand-in.")
REQUIREMENTS = _kind("install_from_file", "neutral", 0, "Packages are installed from a requirements file.")
MISSING = _kind("library_missing", "fault", -1.5, "A name of a known library is used but imported and made nowhere.")
LATE = _kind("import_after_use", "fault", -1.3, "A library's name is used before the cell that imports it.")
FAILED = _kind("import_failed", "fault", -1.5, "An import ended in an error in the saved outputs.")
BROKEN = _kind("library_call_failed", "fault", -1.3, "A call failed on something its library does not have (any more).")
GONE = _kind("gone_not_run", "fault", -1.4, "Something gone from current releases is used, in a cell never run.")
GONE_RAN = _kind("gone_but_ran", "gap", -0.2, "Something gone from current releases is used; it ran here.")
DEPRECATED = _kind("deprecated", "neutral", 0, "Something deprecated, but still there, is used.")
INSTALL_FAILED = _kind("install_failed", "gap", -0.6, "An install found no package in the saved outputs.")
KINDS: tuple[Kind, ...] = (
    TOGETHER, USED, COMPLETE, PINNED, SCATTERED, UNUSED, REPEATED, STAR, UNPINNED, MISSING_INSTALL, WRONG_INSTALL,
    REQUIREMENTS, MISSING, LATE, FAILED, BROKEN, GONE, GONE_RAN, DEPRECATED, INSTALL_FAILED,
)  # fmt: skip
_MOST = 4  # facts of one kind about single names; more say nothing new
_LEAST = -0.4  # what gaps alone may come to
_STAND_INS = {"sklearn": "scikit-learn", "fbprophet": "prophet", "pandas-profiling": "ydata-profiling"}
_NO_MATCH = ("No matching distribution found for", "PackagesNotFoundError", "ERROR: Could not find a version")


def facts(source: Source) -> list[Fact]:
    """The facts of this dimension."""
    if source.notebook.language not in ("python", "python3", "ipython", "python2", ""):
        return []
    if not source.code.cells:
        return []
    installs = read_installs(source.code)
    found = [*_failed(source, installs), *_names(source), *_imports(source), *_installs(source, installs)]
    found += _gone(source, installs)
    return _bounded(found)


def _bounded(found: list[Fact]) -> list[Fact]:
    """Gaps weigh less where there are many: by the rubric no heap of them makes a 1 while everything works."""
    gaps = sum(f.points for f in found if f.kind.polarity == "gap")
    over = sum(f.points for f in found) - _LEAST
    if over >= 0 or any(f.kind.polarity == "fault" for f in found):
        return found
    share = max(0.05, 1 - over / gaps)
    return [replace(f, points=round(f.points * share, 3)) if f.kind.polarity == "gap" else f for f in found]


def _names(source: Source) -> Iterator[Fact]:
    """Names of libraries that are not there when they are used."""
    names = read_names(source.code)
    absent = missing(source.code, names, read_failures(source.notebook))
    for lack in absent[:_MOST]:
        what = f"{lack.name} ({lack.library})" if lack.library != lack.name else lack.name
        if lack.late:
            end = "and the cell fails" if lack.failed else "it runs only out of order"
            yield LATE.fact(f"{what} is used here but imported only in [{lack.late}], {end}", lack.cells)
        elif lack.failed:
            yield MISSING.fact(f"{what} is used but never imported: the cell ends in a NameError", lack.cells)
        else:
            yield MISSING.fact(f"{what} is used but never imported", lack.cells)
    lost = any(f.kind in ("module", "import") for f in read_failures(source.notebook))
    if source.code.imports and not (absent or lost or names.open or source.code.unread):
        yield COMPLETE.fact("every library that is used is imported before its use")


def _imports(source: Source) -> Iterator[Fact]:
    where = places(source.code)
    if where.top and not where.stray:
        yield TOGETHER.fact("all imports stand together at the top", where.top)
    elif len(where.stray) == 1:
        yield SCATTERED.fact("imports come up once more, apart from the others", where.stray, -0.1)
    elif where.stray:
        count = len(where.stray) + len(where.top)
        text = f"imports are scattered over {count} cells instead of standing together"
        yield SCATTERED.fact(text, (*where.top, *where.stray))
    for module, cell in where.stars[:_MOST]:
        yield STAR.fact(f"everything is imported from {module}, names are not listed", [cell])
    idle = unused(source.code, read_names(source.code))
    if idle:
        load = weight(source.code, idle)
        points = -0.05 if load <= 1 else -0.2 if load < 2 else -0.5
        listed = ", ".join(i.alias for i in idle[:5]) + (f" and {len(idle) - 5} more" if len(idle) > 5 else "")
        verb = "is" if len(idle) == 1 else "are"
        yield UNUSED.fact(f"{listed} {verb} imported but never used", {i.cell for i in idle}, points)
    elif source.code.imports and not where.stars and not source.code.unread:
        yield USED.fact("every import is used")
    twice = repeated(source.code)
    if twice:
        listed = ", ".join(twice[0][:3]) + (f" and {len(twice[0]) - 3} more" if len(twice[0]) > 3 else "")
        yield REPEATED.fact(f"imported more than once: {listed}", twice[1], -0.3 if len(twice[0]) > 2 else None)


def _installs(source: Source, installs: tuple[Install, ...]) -> Iterator[Fact]:
    named = [i for i in installs if i.name]
    free = list(dict.fromkeys(i.name for i in named if not i.fixed))
    if free:
        yield UNPINNED.fact(f"installed without a version: {_listed(free)}", {i.cell for i in named if not i.fixed})
    elif named:
        shown = list(dict.fromkeys(f"{i.name}{i.version if i.version != '@' else ''}"[:30] for i in named))
        yield PINNED.fact(f"installed with a version: {_listed(shown)}", {i.cell for i in named})
    if len(named) < len(installs):
        yield REQUIREMENTS.fact("packages are installed from a file or list", {i.cell for i in installs if not i.name})
    for one in named:
        if one.name in _STAND_INS:
            yield WRONG_INSTALL.fact(f"installs {one.name}, whose proper package is {_STAND_INS[one.name]}", [one.cell])
    for cell in source.notebook.cells:
        if any(mark in o.text for o in cell.outputs if o.kind == "stream" for mark in _NO_MATCH) and any(
            i.cell == cell.number for i in installs
        ):
            yield INSTALL_FAILED.fact("the install failed: no such package or version was found", [cell.number])
    if len(named) == len(installs):
        yield from _not_installed(source, {i.name for i in named})


def _not_installed(source: Source, installed: set[str]) -> Iterator[Fact]:
    lacking: dict[str, int] = {}
    for one in source.code.imports:
        package = EXTRAS.get(one.top, "")
        if package and not one.nested and normal(package) not in installed and normal(one.top) not in installed:
            lacking.setdefault(package, one.cell)
    if lacking:
        shared = any(mark in c.source for c in source.notebook.cells if c.kind == "code" for mark in _HOSTED)
        text = f"beyond the usual base and not installed here: {_listed(list(lacking))}"
        yield MISSING_INSTALL.fact(text, lacking.values(), -0.1 if shared else None)


_HOSTED = ("/kaggle/", "../input/", "google.colab", "/content/", "dbutils.", "/dbfs/")  # they bring many packages along


def _failed(source: Source, installs: tuple[Install, ...]) -> Iterator[Fact]:
    for failure in read_failures(source.notebook):
        if failure.kind == "module":
            top = failure.subject.split(".")[0]
            later = any(i.cell > failure.cell and normal(EXTRAS.get(top, top)) == i.name for i in installs)
            went = why_gone(failure.subject)
            why = f", gone since {went[0]}" if went else ""
            text = f"the import fails: there is no module {failure.subject!r}{why}"
            yield FAILED.fact(text, [failure.cell], -0.5 if later else None)
        elif failure.kind == "import":
            went = why_gone(failure.subject, failure.owner) if failure.owner else why_unnamed(failure.subject)
            why = f": it is gone since {went[0]}" if went else ""
            place = f" from {failure.owner}" if failure.owner else ""
            yield FAILED.fact(f"the import of {failure.subject}{place} fails{why}", [failure.cell])
        elif failure.kind == "other" and failure.error in ("ImportError", "ModuleNotFoundError"):
            yield FAILED.fact("an import fails", [failure.cell])
        elif failure.kind == "attribute":
            went = why_gone(failure.subject, failure.owner)
            why = f": it is gone since {went[0]}" if went else ""
            yield BROKEN.fact(f"the call fails, {failure.owner} has no {failure.subject}{why}", [failure.cell])
        elif failure.kind in ("object attribute", "argument") and (went := why_gone(failure.subject, failure.owner)):
            what = "argument" if failure.kind == "argument" else "method"
            owner = failure.owner.rpartition(".")[0] or failure.owner
            owner = owner.removesuffix(".__init__")
            text = f"the call fails: {what} {failure.subject} of {owner} is gone since {went[0]}"
            yield BROKEN.fact(text, [failure.cell])


def _gone(source: Source, installs: tuple[Install, ...]) -> Iterator[Fact]:
    """Things gone from current releases: mild where they ran, grave where nothing shows that they do."""
    blamed = {(f.cell, f.subject.rpartition(".")[2]) for f in read_failures(source.notebook)}
    failed = {cell for cell, _ in blamed}
    held = {i.name: version_of(i.version) for i in installs if i.version.startswith(("==", "=", "<", "~="))}
    by_name: dict[str, list[Gone]] = {}
    for one in read_gone(source.code):
        if (one.cell, one.last) in blamed or any(p in held and held[p] < one.version for p in one.packages):
            continue
        by_name.setdefault(one.what, []).append(one)
    for what, uses in list(by_name.items())[: _MOST * 2]:
        first = uses[0]
        cells = [u.cell for u in uses]
        instead = f" (now {first.instead})" if first.instead else ""
        if not first.removed:
            yield DEPRECATED.fact(f"{what} is deprecated since {first.release}{instead}", cells)
        elif any(_ran(source, cell) or cell in failed for cell in cells):
            yield GONE_RAN.fact(f"{what} is gone since {first.release}{instead}, though it ran here", cells)
        else:
            yield GONE.fact(f"{what} is gone since {first.release}{instead}", cells)


def _ran(source: Source, number: int) -> bool:
    cell = source.notebook.cell(number)
    return cell.execution_count is not None or bool(cell.outputs)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
