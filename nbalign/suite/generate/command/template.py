"""A command with placeholders: split once as a shell would, checked before anything starts, filled without a shell."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from nbalign.errors import UsageError
from nbalign.notebooks.sanitise import clean_line

PLACEHOLDERS: Mapping[str, str] = {
    "prompt": "the prompt itself, as a part of one argument",
    "prompt_file": "a text file with the prompt",
    "data": "the folder with copies of the case's files; the command runs in it",
    "out": "the notebook to be written",
    "case": "the case's id",
    "repeat": "which repeat of the case, 1 and up",
    "seed": "a number that differs from repeat to repeat",
    "here": "the folder that nbalign was started in, or that of the generator file",
}
"""Placeholder -> what it becomes. `{{out}}` stays `{out}`; braces around anything but one lower-case word are text."""

_PLACE = re.compile(r"\{\{([a-z_]+)\}\}|\{([a-z_]+)\}")
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "fish"})


@dataclass(frozen=True, slots=True)
class Template:
    """A command that was checked.

    Attributes:
        text: As the user wrote it.
        words: Its words, placeholders not yet filled.
        here: What `{here}` becomes.
    """

    text: str
    words: tuple[str, ...]
    here: Path

    @property
    def program(self) -> str:
        """The program's name without its folder."""
        return Path(self.words[0]).name

    def filled(self, values: Mapping[str, str]) -> list[str]:
        """The command's words with every placeholder filled; a value is never split or looked at again.

        Args:
            values: One for each name in `PLACEHOLDERS` but `here`.
        """
        known = {**values, "here": str(self.here)}
        return [_PLACE.sub(lambda m: f"{{{m[1]}}}" if m[1] else known[m[2]], word) for word in self.words]


def parse_template(text: str, here: Path) -> Template:
    """Splits and checks a command.

    Args:
        text: The command.
        here: Folder that relative paths are meant from, for `{here}`.

    Raises:
        UsageError: If it is empty or its quotes are not closed, a placeholder is unknown, the program is missing, a
            file is named by a path that would not be found, or a prompt would be read as shell code.
    """
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise UsageError(f"the command cannot be split into words: {error}", "Close its quotes.") from None
    if not words or not words[0]:
        raise UsageError("the command is empty", "Such as: --generator 'command:my-assistant --task {prompt_file}'")
    for word in words:
        for found in _PLACE.finditer(word):
            if found[2] and found[2] not in PLACEHOLDERS:
                raise UsageError(
                    f"{{{clean_line(found[2], 40)}}} is no placeholder",
                    f"There are {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}; write {{{{word}}}} for a literal "
                    "{word}.",
                )
    _check_paths(words, here)
    _check_shell(words)
    _check_program(words[0], here)
    return Template(text, words, here)


def _check_paths(words: tuple[str, ...], here: Path) -> None:
    for word in words:
        path = "/" in word or word.endswith((".py", ".sh", ".js", ".ts", ".rb", ".pl"))
        if not path or Path(word).is_absolute() or word.startswith("-") or _PLACE.search(word) or " " in word:
            continue
        try:
            there = (here / word).is_file()
        except (OSError, ValueError):
            continue
        if there:
            raise UsageError(
                f"{clean_line(word)} would not be found: the command runs in a folder of its own",
                f"Write {{here}}/{clean_line(word.removeprefix('./'))} for the file in {clean_line(str(here))}.",
            )


def _check_shell(words: tuple[str, ...]) -> None:
    """Text of a case inside a script would be code; as a variable of the environment it is text."""
    if Path(words[0]).name not in _SHELLS:
        return
    for option, script in pairwise(words[1:]):
        if re.fullmatch(r"-[a-z]*c", option) and re.search(r"(?<!\{)\{prompt\}", script):
            raise UsageError(
                "a shell would run the prompt as code",
                'Write "$NBALIGN_PROMPT" in the script in place of {prompt}, or cat "$NBALIGN_PROMPT_FILE".',
            )


def _check_program(word: str, here: Path) -> None:
    program = _PLACE.sub(lambda m: str(here) if m[2] == "here" else m[0], word)
    if _PLACE.search(program):
        raise UsageError("the program itself cannot come from a case", "Name it; only {here} may stand in its path.")
    if shutil.which(program) is None:
        raise UsageError(
            f"there is no program {clean_line(program)}",
            "It must be on the PATH, or be named by its whole path or by {here}/NAME, and be executable.",
        )
