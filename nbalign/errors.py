"""The one exception family of nbalign.

Every error a user can meet is a `NbalignError`: its message says what happened, its `hint` says what to do next.
The CLI prints both and exits with `exit_code`; the TUI shows the same words.
"""

from __future__ import annotations


class NbalignError(Exception):
    """Something a user can understand and act on.

    Args:
        message: What happened, one sentence or a few lines, without markup.
        hint: What to do next; empty where the message already says it.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(NbalignError):
    """The command or call itself is wrong: an unknown name, an impossible value."""

    exit_code = 2


class NotFound(UsageError):
    """A notebook, rubric, dimension, rater or model that is not there."""


class BadInput(NbalignError):
    """A file that cannot be taken: not a notebook, broken YAML, a wrong label line."""

    exit_code = 3


class ModelError(NbalignError):
    """A model that is missing, damaged or will not load, or whose worker died."""

    exit_code = 4


class StoreError(NbalignError):
    """The workspace cannot be read or written: read-only, full disk, locked, from a newer version."""

    exit_code = 5


class Cancelled(NbalignError):
    """The user stopped the work; everything finished until then is kept."""

    exit_code = 130


class GeneratorError(NbalignError):
    """A notebook that a generator could not make; others may go on."""

    exit_code = 3


class SandboxError(NbalignError):
    """Notebook code that cannot be run here: no sandbox, no kernel, or it could not be kept in."""

    exit_code = 6
