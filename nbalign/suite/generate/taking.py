"""Notebooks that are there already, taken from a folder as they are: no program runs and no model writes."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbalign.errors import BadInput, GeneratorError, NotFound, UsageError
from nbalign.notebooks import read_file
from nbalign.notebooks.model import Notebook
from nbalign.notebooks.prompts import find_prompt
from nbalign.notebooks.sanitise import clean_line
from nbalign.progress import OnProgress, Progress
from nbalign.suite.generate.folder import RECORD, recorded
from nbalign.suite.generate.model import Executor, Request, Written
from nbalign.suite.generate.rerun import rerun

_CHUNK = 1 << 20  # bytes read at once for a hash
_SHORT, _LONG = 80, 8_000  # characters of a record's names and values that count


class FolderGenerator:
    """Gives the notebooks of a folder: `CASE.ipynb`, and for repeats `CASE-2.ipynb` or `CASE--2.ipynb`.

    Args:
        folder: Such as `nbalign generate` fills, or one that somebody else filled.

    Attributes:
        name: `folder:` and the folder's name.
        identity: What the folder's record says of who wrote it, or without a record a hash of all its notebooks. Where
            the folder lies is no part of it: the same notebooks on another machine are the same.

    Raises:
        NotFound: If there is no such folder.
        UsageError: If it holds no notebook.
        BadInput: If it cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        shown = clean_line(str(folder), 300)
        if not folder.is_dir():
            raise NotFound(f"there is no folder {shown}", "Such as: --generator folder:baseline")
        self._folder = folder
        self.name = f"folder:{clean_line(folder.resolve().name, 80)}"
        try:
            files = sorted(path for path in folder.glob("*.ipynb") if path.is_file())
            if not files:
                raise UsageError(
                    f"{shown} holds no notebook", "A folder holds CASE.ipynb for each case; nbalign generate fills one."
                )
            lines = recorded(folder / RECORD)
            self._record = {
                (str(line.get("case")), line["repeat"]): line
                for line in lines
                if isinstance(line.get("repeat"), int) and isinstance(line.get("file"), str)
            }
            began = lines[0].get("made_by") if lines else None
            made_by = _named(began) if isinstance(began, dict) else _hashed(files)
        except OSError as error:
            raise BadInput(f"{shown} cannot be read: {error.strerror or error}", "Check its permissions.") from None
        self.identity: Mapping[str, str] = {"generator": "folder", **{f"made_by.{k}": v for k, v in made_by.items()}}

    def write(
        self,
        request: Request,
        executor: Executor | None,
        progress: OnProgress,
        cancel: threading.Event | None = None,
    ) -> Written:
        """Takes one notebook; see `nbalign.suite.generate.model.Generator.write`.

        Raises:
            GeneratorError: If it is not there, or was written for another prompt.
            BadInput: If it is no notebook.
            SandboxError: If it is to be run and cannot be run here.
        """
        began = time.monotonic()
        case, line = request.case, self._record.get((request.case.id, request.repeat), {})
        path = self._file(case.id, request.repeat, line)
        progress(Progress(f"writing {case.id}", 0, 0, "tokens", detail=f"taking {clean_line(path.name, 80)}"))
        raw, notebook = read_file(path)
        if notebook.prompt_source == "sidecar" and notebook.prompt != find_prompt((), case.prompt)[0]:
            raise GeneratorError(
                f"{clean_line(path.name, 80)} was written for another prompt than that of the case {case.id}",
                "The suite has changed since: have its notebooks written again.",
            )
        notes: list[str] = []
        if line and line.get("sha256") != notebook.sha256:
            notes.append("It was changed since the folder's record was written.")
        failed = _failed_cells(notebook)
        if executor is not None:
            ran = rerun(raw, case, executor)
            raw, failed = ran.raw, ran.failed
            notes += ran.notes
        return Written(
            raw=raw,
            made_by={**self.identity, "case": case.id, "repeat": str(request.repeat)},
            evaluated=0,
            generated=0,
            seconds=time.monotonic() - began,
            failed_cells=failed,
            notes=tuple(notes),
        )

    def close(self) -> None:
        """Holds nothing."""

    def _file(self, case: str, repeat: int, line: Mapping[str, Any]) -> Path:
        """Where the notebook of a case and repeat lies.

        Raises:
            GeneratorError: If it is nowhere.
        """
        names = [f"{case}.ipynb"] if repeat == 1 else [f"{case}--{repeat}.ipynb", f"{case}-{repeat}.ipynb"]
        if line:  # a record says it exactly; a name that leads out of the folder is none
            names = [line["file"]] if Path(line["file"]).name == line["file"] else names
        elif self._record and repeat > 1:
            names = []  # what is called `CASE-2` belongs to another case
        for name in names:
            if (self._folder / name).is_file():
                return self._folder / name
        expected = names[-1] if names else f"{repeat}. notebook of {case}"
        raise GeneratorError(
            f"{clean_line(str(self._folder), 200)} has no {clean_line(expected, 100)}",
            "Have it written there, or take fewer cases or repeats.",
        )


def _named(began: Mapping[Any, Any]) -> dict[str, str]:
    """What a record says of who wrote it, fit to be kept and shown: the file may come from anybody."""
    return {clean_line(str(name), _SHORT): clean_line(str(value), _LONG) for name, value in began.items()}


def _hashed(files: list[Path]) -> dict[str, str]:
    """One hash over the names and contents of all notebooks."""
    whole = hashlib.sha256()
    for path in files:
        one = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                one.update(chunk)
        whole.update(f"{path.name}\0{one.hexdigest()}\n".encode("utf-8", "surrogateescape"))
    return {"files_sha256": whole.hexdigest()}


def _failed_cells(notebook: Notebook) -> int:
    """Code cells whose outputs, as they stand there, hold an error."""
    return sum(any(output.kind == "error" for output in cell.outputs) for cell in notebook.cells)
