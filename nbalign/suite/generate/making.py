"""From what a user wants to a generator that is ready: checked before anything starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbalign.errors import UsageError
from nbalign.judge.session import choose_model
from nbalign.progress import OnProgress, silent
from nbalign.suite.generate.command.generator import CommandGenerator, CommandOptions
from nbalign.suite.generate.command.template import parse_template
from nbalign.suite.generate.local.generator import LocalGenerator
from nbalign.suite.generate.local.options import LocalOptions
from nbalign.suite.generate.model import Generator
from nbalign.suite.generate.settings import Wanted
from nbalign.suite.generate.taking import FolderGenerator


def make_generator(wanted: Wanted, progress: OnProgress = silent) -> Generator:
    """Makes a generator; a local model is checked now and loaded when the first notebook is written.

    Args:
        wanted: What is asked for; see `settings.wanted` and `settings.read_wanted`.
        progress: Told about the checking of a model that was never checked.

    Raises:
        UsageError: If a value cannot be, a command cannot be started, or a folder is not there or holds no notebook.
        BadInput: If a folder cannot be read.
        ModelError: If the model is missing or damaged.
    """
    values: dict[str, Any] = dict(wanted.values)
    if wanted.kind == "command":
        return CommandGenerator(parse_template(wanted.command, wanted.here), CommandOptions(**values))
    if wanted.kind == "folder":
        return FolderGenerator(wanted.here / Path(wanted.command).expanduser())
    options = LocalOptions(**values)
    if options.model is not None and not options.model.strip():
        raise UsageError("the model has no name", "Such as: --generator local:qwen2.5-coder-1.5b")
    return LocalGenerator(choose_model(options.model, progress), options)
