"""The doctor: what this machine has, what is missing, and what to do about it. It changes nothing."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from nbalign.doctor import capacity, engine, execution, surroundings
from nbalign.doctor.check import Check, State
from nbalign.llm import machine
from nbalign.llm.library import ModelLibrary
from nbalign.llm.plain import one_line

__all__ = ["Check", "State", "examine", "usable"]


def examine(
    workspace: Path | None = None,
    *,
    library: ModelLibrary | None = None,
    env: Mapping[str, str] | None = None,
    stdout: TextIO | None = None,
) -> tuple[Check, ...]:
    """Looks at everything nbalign needs, in the order in which one would set it up.

    Args:
        workspace: A workspace folder; None looks in the current folder and above.
        library: The model library; None takes this user's.
        env: The environment; None takes the process's.
        stdout: Where output goes; None takes the process's.

    Raises:
        ModelError: If the model manifest that travels with nbalign cannot be read.
    """
    library = ModelLibrary.default() if library is None else library
    build = engine.ask_build()
    nvidia = engine.ask_nvidia()
    processors, memory = machine.processors(), machine.memory()
    checks = (
        engine.python(),
        engine.llama_cpp(build),
        engine.gpu(build, nvidia),
        capacity.processors(processors),
        capacity.memory(memory),
        *capacity.models(library, memory, processors.threads, gpu=build.gpu and nvidia is not None),
        surroundings.workspace(surroundings.find_workspace(workspace)),
        *surroundings.terminal(os.environ if env is None else env, sys.stdout if stdout is None else stdout),
        surroundings.network(),
        execution.sandbox(),
    )
    # Names of files, models and terminals come from outside: nothing in them may steer the terminal.
    return tuple(
        dataclasses.replace(
            check,
            name=one_line(check.name, 60),
            finding=one_line(check.finding, 600),
            advice=one_line(check.advice, 600),
        )
        for check in checks
    )


def usable(checks: tuple[Check, ...]) -> bool:
    """Whether nothing is missing that judging needs."""
    return all(check.state != "missing" for check in checks)
