"""From a path or a name to a suite."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nbalign.errors import BadInput, NotFound
from nbalign.rubrics.model import Rubric
from nbalign.rubrics.packaged import packaged
from nbalign.rubrics.problems import Problem, shown
from nbalign.suite.checking import MAX_BYTES, parse, too_long
from nbalign.suite.model import Suite
from nbalign.suite.packaged import FILE, packaged_suites
from nbalign.suite.problems import BadSuite


def read_suite(path: str | Path, rubrics: Iterable[Rubric] | None = None) -> Suite:
    """Reads a suite and hashes its data files.

    Args:
        path: A `suite.yaml`, a folder that holds one, or the name of a suite that comes with nbalign. What is there
            goes before a name.
        rubrics: The rubrics known here, for `not_applicable`; None for those that come with nbalign.

    Raises:
        NotFound: If there is no such file, folder or suite.
        BadInput: If it is there and cannot be read.
        BadSuite: A `BadInput`, if it is no suite; every problem with its line.
    """
    file = find_suite(path)
    name = shown(str(file), 200)
    try:
        if not file.is_file():
            raise BadInput(f"{name} is not a file", f"Name a {FILE}, a folder that holds one, or a packaged suite.")
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a possible path"
        raise BadInput(f"{name} cannot be read: {reason}", "Check the path and its permissions.") from None
    if len(data) > MAX_BYTES:  # before decoding: the cut may have split a character
        raise BadSuite(name, (Problem(0, too_long()),))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadSuite(name, (Problem(line, "not UTF-8 text; save the file as UTF-8"),)) from None
    return parse(text, file.absolute(), name, packaged() if rubrics is None else rubrics)


def find_suite(path: str | Path) -> Path:
    """The `suite.yaml` that a path or a name means.

    Args:
        path: As for `read_suite`.

    Raises:
        NotFound: If there is none; the message says what there is.
    """
    known = packaged_suites()
    asked = Path(path).expanduser() if str(path).startswith("~/") else Path(path)
    name = shown(str(path), 200)
    try:
        folder = asked.is_dir()
        if folder and (asked / FILE).exists():
            return asked / FILE
        if asked.exists() and not folder:
            return asked
    except (OSError, ValueError):
        raise NotFound(f"there is no suite {name!r}", _choice(known)) from None
    if str(path) in known:
        return known[str(path)]
    if folder:
        raise NotFound(f"the folder {name} holds no {FILE}", "Make one with: nbalign suite new FOLDER")
    raise NotFound(f"there is no suite {name!r}", _choice(known))


def _choice(known: Iterable[str]) -> str:
    return f"Name a {FILE}, a folder that holds one, or a packaged suite: {', '.join(known)}."
