"""Notebooks in: the one place where bytes and files become `Notebook`s."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path, PurePath

from nbalign.errors import BadInput, NotFound
from nbalign.notebooks.ipynb import read_ipynb
from nbalign.notebooks.limits import DEFAULT_LIMITS, Limits
from nbalign.notebooks.model import Notebook
from nbalign.notebooks.prompts import find_prompt, find_sidecar
from nbalign.notebooks.sanitise import clean_line
from nbalign.notebooks.scripts import has_markers, read_script

_HEAD = 65_536  # bytes looked at to tell the formats apart
_CELLS = re.compile(r'"(?:cells|worksheets|nbformat)"\s*:')


def read(raw: bytes, name: str, *, sidecar: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Notebook:
    """Reads a notebook from its bytes.

    Args:
        raw: Content of an `.ipynb` file, a percent script, a plain Python script or a Databricks source export; what
            it is follows from content first and name second.
        name: File name, with or without folders.
        sidecar: Text of the prompt file beside it; None without one.
        limits: Bounds on what is kept.

    Returns:
        The notebook, sanitised, bounded and with its prompt. The same bytes give the same notebook.

    Raises:
        BadInput: If this is no notebook; nothing else is ever raised, whatever the bytes.
    """
    name = clean_line(PurePath(name).name) or "notebook"
    if len(raw) > limits.file:
        raise _too_large(name, len(raw), limits.file)
    script = _is_script(raw, name)
    if script and len(raw) > limits.script:
        raise BadInput(
            f"{name} has {len(raw):,} bytes; at most {limits.script:,} of a script are read.",
            "Keep data in files of their own, beside the script.",
        )
    notebook = read_script(raw, name, limits) if script else read_ipynb(raw, name, limits)
    prompt, source = find_prompt(notebook.cells, sidecar, script=script, limits=limits)
    return replace(notebook, prompt=prompt, prompt_source=source)


def read_file(path: Path, limits: Limits = DEFAULT_LIMITS) -> tuple[bytes, Notebook]:
    """Reads a notebook file and the prompt beside it (`NAME.prompt.txt` or `NAME.prompt.md`).

    Args:
        path: The file; its size is checked before it is read.
        limits: Bounds on what is kept.

    Returns:
        The raw bytes, for the store, and the notebook.

    Raises:
        NotFound: If there is no such file.
        BadInput: If it is a folder or a device, too large, not readable, or no notebook.
    """
    raw = _file_bytes(path, limits)
    sidecar, warning = find_sidecar(path, limits)
    notebook = read(raw, path.name, sidecar=sidecar, limits=limits)
    return raw, replace(notebook, warnings=(*notebook.warnings, warning)) if warning else notebook


def _is_script(raw: bytes, name: str) -> bool:
    suffix = PurePath(name).suffix.lower()
    head = raw[:_HEAD].replace(b"\0", b"").decode("utf-8", "replace").lstrip("\ufeff\ufffd \t\r\n")
    if head.startswith(("{", "[")):
        return suffix == ".py" and not _CELLS.search(head)
    if suffix == ".py":
        return True
    return head.startswith("#") and has_markers(head.replace("\r\n", "\n"))


def _file_bytes(path: Path, limits: Limits) -> bytes:
    shown = clean_line(str(path), 300)
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise BadInput(f"{shown} is a folder.", "Name a notebook in it, or import the folder as a whole.")
        if not path.is_file():
            raise BadInput(f"{shown} is not a regular file.", "Copy the notebook into a file and name that.")
        if size > limits.file:
            raise _too_large(shown, size, limits.file)
        with path.open("rb") as file:
            raw = file.read(limits.file + 1)  # the file may have grown since
    except FileNotFoundError:
        raise NotFound(f"There is no file {shown}.", "Check the path and its spelling.") from None
    except PermissionError:
        raise BadInput(f"{shown} may not be read.", "Ask for permission to read it, or copy it.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BadInput(f"{shown} cannot be read: {clean_line(reason)}.", "Check the path and the disk.") from None
    return raw


def _too_large(shown: str, size: int, most: int) -> BadInput:
    return BadInput(
        f"{shown} has {size:,} bytes; at most {most:,} are read.",
        "Clear large outputs in Jupyter (`jupyter nbconvert --clear-output`) and try again.",
    )
