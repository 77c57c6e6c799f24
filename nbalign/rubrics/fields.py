"""Reading the fields of a YAML file that people write: each wrong one is noted with its line, and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Literal

import yaml

from nbalign.rubrics.problems import Problems, shown

LONGEST_ID = 64
LONGEST_TITLE = 200
_NULL = "tag:yaml.org,2002:null"
_FORMS = {"-": re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*"), "_": re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")}

Fields = dict[str, yaml.Node]


class Reader:
    """Reads parts of one file; what is wrong goes to `problems` and an empty value takes its place.

    Args:
        problems: Where problems go.
    """

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def identifier(self, fields: Fields, parent: yaml.Node, where: str, joint: Literal["-", "_"]) -> str:
        """The field `id`: kebab-case where `joint` is `-`, snake_case where it is `_`; empty once it is noted."""
        value = self.text(fields, "id", parent, where)
        form = _FORMS[joint]
        if not value or (form.fullmatch(value) and len(value) <= LONGEST_ID):
            return value
        such = re.sub(r"[^a-z0-9]+", joint, value.lower()).strip(joint)[:LONGEST_ID].strip(joint)
        example = f", such as {such!r}" if form.fullmatch(such) else ""
        case = "kebab-case" if joint == "-" else "snake_case"
        rule = f"{case} (a-z, 0-9 and {joint!r}) of at most {LONGEST_ID} characters"
        self.problems.add(line_of(fields["id"]), f"the id {shown(value)!r} must be {rule}{example}")
        return ""

    def title(self, fields: Fields, parent: yaml.Node, where: str) -> str:
        """The field `title`, on one line."""
        value = " ".join(self.text(fields, "title", parent, where).split())
        if len(value) > LONGEST_TITLE:
            self.problems.add(line_of(fields["title"]), f"the title of {where} is over {LONGEST_TITLE} characters")
        return value

    def text(self, fields: Fields, key: str, parent: yaml.Node, where: str) -> str:
        """A text that must be there; the empty string once a problem has been noted."""
        node = fields.get(key)
        if node is None:
            self.problems.add(line_of(parent), f"{where} has no {key}")
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.problems.add(line_of(node), f"{key} of {where} must be text (quote it if it holds ': ' or brackets)")
            return ""
        value: str = "" if node.tag == _NULL else node.value.strip()
        if not value:
            self.problems.add(line_of(node), f"{key} of {where} is empty")
        return value

    def mapping(self, node: yaml.Node, allowed: Collection[str], where: str, needs: str = "") -> Fields | None:
        """The keys of a mapping, each once, unknown ones noted and left out; None where it is no mapping.

        Args:
            node: What should be a mapping.
            allowed: The keys it may have.
            where: What it is, for messages.
            needs: Its keys in words, where naming the nearest key would not help.
        """
        if not isinstance(node, yaml.MappingNode):
            self.problems.add(line_of(node), f"{where} must be made of 'key: value' lines")
            return None
        fields: Fields = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None or key not in allowed:
                near = "" if needs else nearest(key, allowed)
                names = f"; its keys are {needs}" if needs else near
                self.problems.add(line_of(key_node), f"unknown key {shown(key or '(not text)')!r} in {where}{names}")
            elif key in fields:
                first = line_of(fields[key])
                self.problems.add(line_of(key_node), f"the key {key!r} of {where} was given before, in line {first}")
            else:
                fields[key] = value_node
        return fields


def line_of(node: yaml.Node) -> int:
    """The line a node starts in, from 1."""
    return int(node.start_mark.line) + 1


def nearest(name: str | None, allowed: Iterable[str]) -> str:
    """`; did you mean 'title'?` where a known name is near, else the empty string."""
    from rapidfuzz import fuzz, process

    match = process.extractOne((name or "")[:200], list(allowed), scorer=fuzz.ratio, score_cutoff=60)
    return f"; did you mean {match[0]!r}?" if match else ""
