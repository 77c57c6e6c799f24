"""Where rubrics come from: those inside the package, and files."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from nbalign.errors import BadInput, NotFound
from nbalign.rubrics.model import Rubric
from nbalign.rubrics.parse import MAX_BYTES, parse
from nbalign.rubrics.problems import BadRubric, Problem, shown


@cache
def packaged() -> tuple[Rubric, ...]:
    """The rubrics that come with nbalign, by id."""
    folder = resources.files("nbalign.rubrics") / "packaged"
    files = [entry for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    rubrics = [parse(entry.read_text(encoding="utf-8"), entry.name) for entry in files]
    return tuple(sorted(rubrics, key=lambda rubric: rubric.id))


def read_rubric(path: Path) -> Rubric:
    """Reads a rubric file.

    Args:
        path: A YAML file in UTF-8 of at most 256 KB.

    Raises:
        NotFound: If there is no such file.
        BadInput: If it cannot be read or is not a file.
        BadRubric: If it is not a rubric; every problem with its line.
    """
    name = shown(str(path), 200)
    try:
        if path.exists() and not path.is_file():
            raise BadInput(f"{name} is not a file", "Name the YAML file of a rubric.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise NotFound(f"there is no file {name}", "Check the path.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a possible path"
        raise BadInput(f"{name} cannot be read: {reason}", "Check the path and its permissions.") from None
    if len(data) > MAX_BYTES:  # before decoding: the cut may have split a character
        raise BadRubric(name, (Problem(0, f"longer than {MAX_BYTES // 1024} KB, which no rubric needs to be"),))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadRubric(name, (Problem(line, "not UTF-8 text; save the file as UTF-8"),)) from None
    return parse(text, name)
