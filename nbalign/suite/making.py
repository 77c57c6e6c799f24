"""A suite to start from: a commented one with a case that works, or a copy of a packaged one."""

from __future__ import annotations

import re
from pathlib import Path

from nbalign.errors import BadInput, NotFound
from nbalign.rubrics.problems import shown
from nbalign.suite.packaged import FILE, packaged_suites

_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_START = """\
# A suite: tasks for an assistant, each with its data. docs/suites.md describes every key.
# `nbalign suite check FOLDER` says what is wrong, with lines; `nbalign suite show FOLDER CASE` what a case looks like.

id: {id}                 # kebab-case; runs name it
title: My suite
description: What it is for, and where its data come from.
rubric: ml-notebook      # what notebooks are scored by

cases:
  - id: plant-height     # kebab-case, unique; the notebook is called plant-height.ipynb
    # As a user would ask. A notebook finds its data in its working folder, under the plain file name.
    prompt: >-
      Predict the height of a plant from the other columns of plants.csv. Report the mean absolute error on plants
      that were held out, and predict the height of a plant in the shade after 30 days with 20 ml of water a day.
    data: data/plants.csv           # in this folder; several: [data/one.csv, data/two.csv]
    kind: regression                # classification, regression, forecasting or other
    # size: small                   # small, medium or large; left out, it is told from the data
    tags: [example, new-rows]       # free words, to choose cases by
    # Dimensions of the rubric that a good answer to this prompt has nothing to do with:
    not_applicable: [data_imputation]   # nothing is missing in plants.csv
"""


def make_suite(folder: str | Path, origin: str | None = None) -> Path:
    """Writes a suite to edit; nothing that is there is overwritten.

    Args:
        folder: Where to; made if missing. Its name becomes the suite's id where it can.
        origin: Name of a packaged suite to copy with its data; None for a small one with comments.

    Returns:
        The new `suite.yaml`.

    Raises:
        NotFound: If there is no such packaged suite.
        BadInput: If a file to be written is there already, or the folder cannot be written.
    """
    target = Path(folder).expanduser()
    files = _copied(origin) if origin is not None else {"data/plants.csv": _plants()}
    text = files.pop(FILE, _START.encode()).decode("utf-8")
    files[FILE] = _with_id(text, target).encode()  # last: a suite.yaml without its data would be broken
    name = shown(str(target), 200)
    try:
        for file in reversed(files):  # suite.yaml first: that there is a suite already says most
            if (target / file).exists():
                raise BadInput(f"{name} holds {file} already", "Name a new folder, or remove the file.")
        for file, data in files.items():
            path = target / file
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as opened:
                opened.write(data)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a possible path"
        raise BadInput(f"{name} cannot be written: {reason}", "Name another folder.") from None
    return target / FILE


def _copied(origin: str) -> dict[str, bytes]:
    known = packaged_suites()
    if origin not in known:
        raise NotFound(f"there is no packaged suite {shown(origin)!r}", f"Packaged: {', '.join(known)}.")
    root = known[origin].parent
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def _with_id(text: str, folder: Path) -> str:
    """The text with the folder's name as id, so that runs tell a copy from what it was made of."""
    such = re.sub(r"[^a-z0-9]+", "-", folder.absolute().name.lower()).strip("-")[:64].strip("-")
    identifier = such if _KEBAB.fullmatch(such) else "my-suite"
    if "{id}" in text:
        return text.replace("{id}", identifier, 1)
    return re.sub(r"(?m)^id: .*$", f"id: {identifier}", text, count=1)


def _plants() -> bytes:
    """48 plants that grow with days, water and light."""
    lines = ["days,water_ml,place,height_cm"]
    for n in range(48):
        days, water, place = 5 + 7 * n % 56, 10 + 5 * (n % 5), ("sun", "half shade", "shade")[n % 3]
        height = 2.1 + 0.42 * days + 0.11 * water - 2.4 * (n % 3) + ((n * 37) % 11 - 5) * 0.3
        lines.append(f"{days},{water},{place},{height:.1f}")
    return ("\n".join(lines) + "\n").encode()
