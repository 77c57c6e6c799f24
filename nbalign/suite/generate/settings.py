"""What a user wants of a generator: the words of a command line, or a YAML file, made one checked value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal

import yaml

from nbalign.errors import BadInput, NotFound, UsageError
from nbalign.notebooks.sanitise import clean_line
from nbalign.rubrics.fields import Fields, Reader, line_of
from nbalign.rubrics.nodes import compose
from nbalign.rubrics.problems import BadText, Problems, shown
from nbalign.suite.generate.local.options import LocalOptions

Kind = Literal["local", "command", "folder"]
Value = str | int | float | Mapping[str, str]

_MOST_BYTES = 200_000
_LOCAL = {field.name: field.type for field in fields(LocalOptions)}
_COMMAND: dict[str, str] = {"timeout": "float", "retries": "int", "environment": "env", "name": "str"}
_FIELDS: Mapping[str, Mapping[str, object]] = {"local": _LOCAL, "command": _COMMAND, "folder": {}}
_KEYS = ["kind", "command", "env", *_LOCAL, "timeout", "retries", "name"]


class BadGenerator(BadText):
    """A generator file that cannot be taken; every problem with its line."""

    advice = "docs/generators.md lists the keys of a generator file."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A generator, not yet made.

    Attributes:
        kind: Which one.
        values: Fields of `LocalOptions` or `CommandOptions` that are not left to their defaults.
        command: The command; for a folder its path; empty for the local one.
        here: Folder that relative paths are meant from.
    """

    kind: Kind
    values: Mapping[str, Value]
    command: str
    here: Path

    def with_values(self, more: Mapping[str, Value]) -> Wanted:
        """The same with some fields set; those of the command line go before those of a file.

        Raises:
            UsageError: If a field belongs to the other kind.
        """
        for name in more:
            if name not in _FIELDS[self.kind]:
                other = next(kind for kind, known in _FIELDS.items() if name in known)
                raise UsageError(f"{name} belongs to the generator {other}", f"This one is {self.kind}: leave it out.")
        merged = {**self.values, **more}
        if "environment" in self.values and "environment" in more:
            merged["environment"] = {**_variables(self.values), **_variables(more)}
        return replace(self, values=merged)


def _variables(values: Mapping[str, Value]) -> Mapping[str, str]:
    found = values["environment"]
    assert isinstance(found, Mapping)
    return found


def wanted(text: str, here: Path) -> Wanted:
    """What `local`, `local:MODEL`, `command:TEMPLATE` or `folder:PATH` asks for.

    Args:
        text: From the command line.
        here: The current folder.

    Raises:
        UsageError: If it is none of them.
    """
    kind, colon, rest = text.partition(":")
    if kind.strip() == "local" and (rest.strip() or not colon):
        return Wanted("local", {"model": rest.strip()} if colon else {}, "", here)
    if kind.strip() == "command" and rest.strip():
        return Wanted("command", {}, rest.strip(), here)
    if kind.strip() == "folder" and rest.strip():
        return Wanted("folder", {}, rest.strip(), here)
    raise UsageError(
        f"{clean_line(text, 80)!r} is no generator",
        "Say local, local:MODEL, 'command:PROGRAM ARGUMENTS' or folder:PATH, or name a file with --generator-file.",
    )


def read_wanted(path: Path) -> Wanted:
    """What a generator file asks for.

    Raises:
        NotFound: If there is no such file.
        BadGenerator: A `BadInput`, if it cannot be taken.
        BadInput: If it cannot be read.
    """
    name = shown(str(path), 200)
    try:
        if not path.is_file():
            raise NotFound(f"there is no file {name}", "docs/generators.md shows what a generator file looks like.")
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
        text = raw.decode("utf-8")
    except OSError as error:
        raise BadInput(f"{name} cannot be read: {error.strerror or error}", "Check its permissions.") from None
    except ValueError:
        raise BadInput(f"{name} is not UTF-8 text", "Save it as UTF-8.") from None
    if len(raw) > _MOST_BYTES:
        raise BadInput(f"{name} has over {_MOST_BYTES:,} bytes", "A generator file has some lines.")
    problems = Problems(name, BadGenerator)
    node = compose(text.replace("\r\n", "\n").replace("\r", "\n"), problems, "generator")
    problems.stop_if_any()
    found = None if node is None else _read(node, Reader(problems), path.absolute().parent)
    if node is None:
        problems.add(0, "it is empty; it needs kind: local or kind: command")
    problems.stop_if_any()
    assert found is not None
    return found


def _read(node: yaml.Node, reader: Reader, here: Path) -> Wanted | None:
    keys = reader.mapping(node, _KEYS, "the generator")
    if keys is None:
        return None
    kind = reader.text(keys, "kind", node, "the generator")
    if kind not in ("local", "command"):
        if kind:
            reader.problems.add(line_of(keys["kind"]), f"kind must be local or command, not {shown(kind)!r}")
        return None
    values: dict[str, Value] = {}
    command = ""
    types: Mapping[str, object] = _LOCAL if kind == "local" else {**_COMMAND, "command": "str", "env": "env"}
    for key, value in keys.items():
        if key == "kind":
            continue
        if key not in types:
            reader.problems.add(line_of(value), f"{key} does not belong to a generator of the kind {kind}")
        elif key == "env":
            values["environment"] = _environment(value, reader)
        elif key == "command":
            command = reader.text(keys, key, node, "the generator")
        elif (read := _scalar(key, keys, node, reader, str(types[key]))) is not None:
            values[key] = read
    if kind == "command" and "command" not in keys:
        reader.problems.add(line_of(node), "the generator has no command")
    return Wanted("local" if kind == "local" else "command", values, command, here)


def _scalar(key: str, keys: Fields, node: yaml.Node, reader: Reader, kind: str) -> Value | None:
    text = reader.text(keys, key, node, "the generator")
    if not text or kind.startswith("str"):
        return text or None
    try:
        return float(text) if kind == "float" else int(text)
    except ValueError:
        what = "a number" if kind == "float" else "a whole number"
        reader.problems.add(line_of(keys[key]), f"{key} must be {what}, not {shown(text)!r}")
        return None


def _environment(node: yaml.Node, reader: Reader) -> dict[str, str]:
    found: dict[str, str] = {}
    if not isinstance(node, yaml.MappingNode):
        reader.problems.add(line_of(node), "env must be made of 'NAME: value' lines")
        return found
    for name, value in node.value:
        if isinstance(name, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode):
            found[name.value] = value.value
        else:
            reader.problems.add(line_of(name), "env must be made of 'NAME: value' lines")
    return found
