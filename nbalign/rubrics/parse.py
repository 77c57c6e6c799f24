"""YAML text to `Rubric`: all problems at once, each with its line."""

from __future__ import annotations

import hashlib
import re

import yaml

from nbalign.rubrics.fields import Fields, Reader, line_of
from nbalign.rubrics.model import Dimension, Rubric, Scale
from nbalign.rubrics.nodes import compose
from nbalign.rubrics.problems import BadRubric, Problem, Problems, shown

MAX_BYTES = 256 * 1024
MAX_DIMENSIONS = 20
_LEVELS = range(2, 10)  # how many ordinal levels a scale may have
_TOP = ("id", "version", "title", "scale", "not_applicable", "dimensions")
_WORDS = ("id", "title", "question")
_DIGITS = tuple("0123456789")
_SAYS_NA = re.compile(r"\s*(not applicable|n/a)", re.IGNORECASE)


def parse(text: str, origin: str = "rubric") -> Rubric:
    """Reads a rubric.

    Args:
        text: YAML; docs/rubrics.md describes its keys. A byte order mark and the kind of newlines do not matter.
        origin: Name of the file, for messages.

    Returns:
        The rubric. `text` has newlines normalised to `\\n`, and `sha256` is the hash of that text in UTF-8.

    Raises:
        BadRubric: A `BadInput` that lists every problem as `origin:line: what is wrong`.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    problems = Problems(origin)
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        problems.add(0, f"longer than {MAX_BYTES // 1024} KB, which no rubric needs to be")
        problems.stop_if_any()
    root = compose(text, problems)
    problems.stop_if_any()
    if root is None:
        raise BadRubric(shown(origin, 200), (Problem(0, "empty; a rubric has id, version, title, scale, dimensions"),))
    reader = _Reader(problems)
    rubric = reader.rubric(root, text)
    problems.stop_if_any()
    assert rubric is not None  # a root that is no mapping is a problem
    return rubric


class _Reader(Reader):
    """Reads the parts of one rubric."""

    def rubric(self, root: yaml.Node, text: str) -> Rubric | None:
        fields = self.mapping(root, _TOP, "the rubric")
        if fields is None:
            return None
        scale = self.scale(fields, root)
        return Rubric(
            id=self.identifier(fields, root, "the rubric", "-"),
            version=self.version(fields, root),
            title=self.title(fields, root, "the rubric"),
            scale=scale or Scale({}, None),
            dimensions=self.dimensions(fields, root, scale),
            sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
            text=text,
        )

    def version(self, fields: Fields, parent: yaml.Node) -> int:
        value = self.text(fields, "version", parent, "the rubric")
        if re.fullmatch(r"[1-9][0-9]{0,8}", value, re.ASCII):
            return int(value)
        if value:
            self.problems.add(
                line_of(fields["version"]), f"version must be a whole number from 1, not {shown(value)!r}"
            )
        return 0

    def scale(self, fields: Fields, parent: yaml.Node) -> Scale | None:
        node = fields.get("scale")
        if node is None:
            self.problems.add(line_of(parent), "the rubric has no scale")
            return None
        levels = self.mapping(node, _DIGITS, "the scale", needs="digits from 0 to 9")
        if levels is None:
            return None
        meanings = {int(digit): self.text(levels, digit, node, "the scale") for digit in levels}
        not_applicable = self.not_applicable(fields, meanings)
        ordinal = len(meanings) - (not_applicable is not None)
        if ordinal not in _LEVELS:
            self.problems.add(
                line_of(node),
                f"the scale has {ordinal} levels besides N/A; it needs {_LEVELS.start} to {_LEVELS.stop - 1}",
            )
        return Scale(meanings, not_applicable)

    def not_applicable(self, fields: Fields, meanings: dict[int, str]) -> int | None:
        if "not_applicable" not in fields:
            return 0 if 0 in meanings and _SAYS_NA.match(meanings[0]) else None
        node = fields["not_applicable"]
        value = node.value.strip().lower() if isinstance(node, yaml.ScalarNode) else ""
        if value == "none":
            return None
        if value in _DIGITS and int(value) in meanings:
            return int(value)
        self.problems.add(line_of(node), "not_applicable must be a digit of the scale, or none")
        return None

    def dimensions(self, fields: Fields, parent: yaml.Node, scale: Scale | None) -> tuple[Dimension, ...]:
        node = fields.get("dimensions")
        if node is None:
            self.problems.add(line_of(parent), "the rubric has no dimensions")
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self.problems.add(line_of(node), "dimensions must be a list, each item starting with '- id: …'")
            return ()
        if not 1 <= len(node.value) <= MAX_DIMENSIONS:
            self.problems.add(line_of(node), f"{len(node.value)} dimensions; a rubric has 1 to {MAX_DIMENSIONS}")
            return ()
        found: list[Dimension] = []
        first_line: dict[str, int] = {}
        for number, item in enumerate(node.value, start=1):
            dimension = self.dimension(item, f"dimension {number}", scale)
            if dimension is None:
                continue
            if dimension.id in first_line:
                where = first_line[dimension.id]
                self.problems.add(line_of(item), f"the id {dimension.id!r} is taken by the dimension in line {where}")
            elif dimension.id:
                first_line[dimension.id] = line_of(item)
            found.append(dimension)
        return tuple(found)

    def dimension(self, node: yaml.Node, where: str, scale: Scale | None) -> Dimension | None:
        fields = self.mapping(node, (*_WORDS, *_DIGITS), where)
        if fields is None:
            return None
        identifier = self.identifier(fields, node, where, "_")
        where = f"dimension {identifier!r}" if identifier else where
        levels = {}
        for digit in sorted(_DIGITS, reverse=True):
            on_scale = scale is None or int(digit) in scale.meanings
            if digit in fields and not on_scale:
                self.problems.add(line_of(fields[digit]), f"{where}: {digit} is not on the scale")
            elif digit in fields:
                levels[int(digit)] = self.text(fields, digit, node, where)
            elif scale is not None and int(digit) in scale.levels:
                self.problems.add(line_of(node), f"{where} does not say what {digit} means")
        return Dimension(
            id=identifier,
            title=self.title(fields, node, where),
            question=self.text(fields, "question", node, where),
            levels=levels,
        )
