"""Writes docs/cli.md from the commands themselves, so that the reference cannot be wrong.

python scripts/cli_reference.py           write it
python scripts/cli_reference.py --check   exit 1 when it is not what would be written
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "cli.md"
HEAD = """# Commands

Written by `make docs` from the commands' own help; do not edit.

Answers go to stdout, notes and progress to stderr. Exit codes: 0 done, 1 error, 2 wrong use, 3 bad input, 4 model,
5 workspace, 6 no sandbox, 70 a bug of nbalign, 130 stopped by the user (everything finished until then is kept).
"""


def reference() -> str:
    """The whole reference as Markdown."""
    from nbalign.cli.main import nbalign

    return HEAD + "".join(_sections(nbalign, "nbalign", None))


def _sections(command: click.Command, path: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(command, info_name=path.rsplit(" ", 1)[-1], parent=parent)
    yield f"\n## `{path}`\n\n{_prose(command.help or '')}\n"
    usage = [path, *(["[OPTIONS]"] if _options(command) else []), *(_argument(a) for a in _arguments(command))]
    if isinstance(command, click.Group):
        usage.append("COMMAND …")
    yield f"\n```\n{' '.join(usage)}\n```\n"
    # A bar would end the table's cell, even inside code.
    rows = [f"| `{_flags(o)}` | {_cell(o)} |".replace("\0", "\\|") for o in _options(command)]
    if rows:
        yield "\n| option | |\n|---|---|\n" + "\n".join(rows) + "\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _sections(child, f"{path} {name}", context)


def _prose(text: str) -> str:
    r"""Help text as Markdown: paragraphs stay, `\b` blocks (kept line by line by click) become code."""
    parts = []
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if paragraph.startswith("\b"):
            parts.append("```\n" + paragraph.removeprefix("\b").strip("\n") + "\n```")
        else:
            parts.append(" ".join(paragraph.split()))
    return "\n\n".join(parts)


def _arguments(command: click.Command) -> list[click.Argument]:
    return [p for p in command.params if isinstance(p, click.Argument)]


def _options(command: click.Command) -> list[click.Option]:
    return [p for p in command.params if isinstance(p, click.Option) and not p.hidden]


def _argument(argument: click.Argument) -> str:
    name = argument.metavar or (argument.name or "").upper() + ("…" if argument.nargs != 1 else "")
    return name if argument.required or name.startswith("[") else f"[{name}]"


def _flags(option: click.Option) -> str:
    names = ", ".join(sorted(option.opts, key=len))
    if option.secondary_opts:
        names += " / " + ", ".join(option.secondary_opts)
    return names if option.is_flag or option.count else f"{names} {_value(option)}"


def _value(option: click.Option) -> str:
    if option.metavar is not None:
        return option.metavar
    if isinstance(option.type, click.Choice):
        return "\0".join(str(choice) for choice in option.type.choices)
    if isinstance(option.type, click.Path):
        return "PATH"
    numbers = {"integer": "N", "integer range": "N", "float": "X", "float range": "X"}
    return numbers.get(option.type.name, "TEXT")


def _cell(option: click.Option) -> str:
    words = [" ".join((option.help or "").split())]
    if option.required:
        words.append("Required.")
    if option.multiple and "repeatable" not in words[0]:
        words.append("Repeatable.")
    if isinstance(option.show_default, str):
        words.append(f"Default: {option.show_default}.")
    elif option.show_default and not option.is_flag and isinstance(option.default, str | int | float):
        words.append(f"Default: {option.default}.")
    if option.envvar:
        names = [option.envvar] if isinstance(option.envvar, str) else option.envvar
        words.append("Also from " + ", ".join(f"`{name}`" for name in names) + ".")
    return " ".join(word for word in words if word).replace("|", "\0")


def main(args: list[str]) -> int:
    """Writes the reference, or compares it.

    Args:
        args: Nothing, or `--check`.

    Returns:
        The exit code.
    """
    text = reference()
    if args == ["--check"]:
        if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
            return 0
        print("docs/cli.md is not what the commands say; write it again with: make docs", file=sys.stderr)
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
