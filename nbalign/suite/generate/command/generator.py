"""The command generator: starts the user's own assistant for each notebook and takes what it writes."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from nbalign.errors import BadInput, GeneratorError, UsageError
from nbalign.notebooks import read
from nbalign.notebooks.limits import DEFAULT_LIMITS
from nbalign.progress import OnProgress, Progress
from nbalign.suite.generate.command import process
from nbalign.suite.generate.command.template import Template
from nbalign.suite.generate.model import Executor, Request, Written
from nbalign.suite.generate.rerun import rerun
from nbalign.suite.generate.stamp import stamped


@dataclass(frozen=True, slots=True)
class CommandOptions:
    """How a command is run.

    Attributes:
        timeout: Wall seconds of one attempt, more than 0.
        retries: Further attempts where one fails, 0 to 20.
        environment: Variables beside those of the user and of nbalign.
        name: What the generator is called; empty takes the program's name.

    Raises:
        UsageError: If a value cannot be.
    """

    timeout: float = 600.0
    retries: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)
    name: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.timeout <= 86_400:
            raise UsageError(f"a timeout of {self.timeout:g} s is none", "Give more than 0 and at most 86,400 seconds.")
        if not 0 <= self.retries <= 20:
            raise UsageError(f"{self.retries} retries cannot be", "Give 0 to 20.")
        for name in self.environment:
            if not name or "=" in name or "\0" in name or name.startswith("NBALIGN_"):
                raise UsageError(
                    f"{name[:60]!r} cannot be set for the command",
                    "A variable has a name without '=', and NBALIGN_… are set by nbalign.",
                )


class CommandGenerator:
    """Writes notebooks with a command.

    The command is the user's own program: it runs outside any sandbox, with the user's rights and network. Only the
    notebook that it writes is run in the sandbox.

    Args:
        template: The command.
        options: How it is run.

    Attributes:
        name: `command:` and the program's name, or the name given.
        identity: Everything that decides what it writes; values of variables by their hashes, since they may be
            secrets.
    """

    def __init__(self, template: Template, options: CommandOptions) -> None:
        self._template = template
        self._options = options
        self.name = f"command:{options.name or template.program}"
        self.identity: Mapping[str, str] = {
            "generator": "command",
            "command": template.text,
            **({"name": options.name} if options.name else {}),
            **({"here": str(template.here)} if "{here}" in template.text else {}),
            **{
                f"env.{name}": "sha256:" + hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:12]
                for name, value in sorted(options.environment.items())
            },
        }

    def write(
        self,
        request: Request,
        executor: Executor | None,
        progress: OnProgress,
        cancel: threading.Event | None = None,
    ) -> Written:
        """Writes one notebook; see `nbalign.suite.generate.model.Generator.write`."""
        began = time.monotonic()
        attempts = self._options.retries + 1
        notes: list[str] = []
        for attempt in range(1, attempts + 1):
            again = f" (attempt {attempt} of {attempts})" if attempt > 1 else ""
            progress(Progress(f"writing {request.case.id}", 0, 0, "tokens", detail=f"{self._template.program}{again}"))
            try:
                raw = self._once(request, cancel)
                break
            except (GeneratorError, BadInput) as error:
                notes.append(f"Attempt {attempt} failed: {error.message}.")
                if attempt == attempts:
                    raise GeneratorError(
                        error.message + (f" (after {attempts} attempts)" if attempts > 1 else ""), error.hint
                    ) from error
        case = request.case
        made_by = {**self.identity, "case": case.id, "repeat": str(request.repeat), "seed": str(request.seed)}
        failed = 0
        if executor is not None:
            progress(Progress(f"writing {case.id}", 0, 0, "tokens", detail="running its cells"))
            ran = rerun(raw, case, executor)
            raw, failed = ran.raw, ran.failed
            notes += ran.notes
        return Written(
            raw=stamped(raw, made_by),
            made_by=made_by,
            evaluated=0,
            generated=0,
            seconds=time.monotonic() - began,
            failed_cells=failed,
            notes=tuple(notes),
        )

    def close(self) -> None:
        """Holds nothing between notebooks."""

    def _once(self, request: Request, cancel: threading.Event | None) -> bytes:
        case = request.case
        try:
            folder = Path(tempfile.mkdtemp(prefix="nbalign-generate-"))
        except OSError as error:
            raise GeneratorError(f"no folder can be made for the command: {error.strerror or error}") from error
        try:
            data, out, prompt = folder / "data", folder / "out" / f"{case.id}.ipynb", folder / "prompt.txt"
            try:
                data.mkdir()
                out.parent.mkdir()
                prompt.write_text(case.prompt, encoding="utf-8", errors="replace")
                for file in case.data:
                    shutil.copyfile(file.path, data / file.name)
            except OSError as error:
                raise GeneratorError(f"the case's files cannot be copied: {error.strerror or error}") from error
            values = {
                "prompt": case.prompt,
                "prompt_file": str(prompt),
                "data": str(data),
                "out": str(out),
                "case": case.id,
                "repeat": str(request.repeat),
                "seed": str(request.seed),
            }
            environment = {
                **os.environ,
                **self._options.environment,
                **{f"NBALIGN_{name.upper()}": value for name, value in values.items()},
            }
            ended = process.run(self._template.filled(values), data, environment, self._options.timeout, cancel)
            self._check(ended)
            return _taken(out, case.id)
        finally:
            with suppress(OSError):
                shutil.rmtree(folder, ignore_errors=True)

    def _check(self, ended: process.Ended) -> None:
        words = f": {ended.words}" if ended.words else ""
        program = self._template.program
        if ended.code is None:
            raise GeneratorError(
                f"{program} was not done after {self._options.timeout:g} s{words}",
                "Give it more time: --command-timeout SECONDS.",
            )
        if ended.code:
            how = f"exit code {ended.code}" if ended.code > 0 else f"signal {-ended.code}"
            raise GeneratorError(f"{program} failed ({how}){words}", "Try the command by hand.")


def _taken(out: Path, case: str) -> bytes:
    """The notebook that a command wrote.

    Raises:
        GeneratorError: If there is none, or it is not a plain file.
        BadInput: If it cannot be read as a notebook.
    """
    try:
        found = out.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise GeneratorError("the command wrote no plain file", "Write the notebook itself to {out}.")
        if found.st_size > DEFAULT_LIMITS.file:
            raise GeneratorError(
                f"the notebook that the command wrote has {found.st_size:,} bytes",
                f"At most {DEFAULT_LIMITS.file:,} are read.",
            )
        raw = out.read_bytes()
    except FileNotFoundError:
        raise GeneratorError(
            "the command ended well and wrote no notebook", "It must write to {out}, which is also $NBALIGN_OUT."
        ) from None
    except OSError as error:
        raise GeneratorError(f"what the command wrote cannot be read: {error.strerror or error}") from error
    read(raw, f"{case}.ipynb")
    return raw
