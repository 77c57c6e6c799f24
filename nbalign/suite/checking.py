"""YAML text to `Suite`: all problems at once, each with its line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar, get_args

import yaml

from nbalign.rubrics.fields import Fields, Reader, line_of, nearest
from nbalign.rubrics.model import Rubric
from nbalign.rubrics.nodes import compose
from nbalign.rubrics.problems import Problems, shown
from nbalign.suite.datafiles import MAX_FILES, Looked, Shelf, size_of
from nbalign.suite.model import Case, Kind, Size, Suite
from nbalign.suite.problems import BadSuite

MAX_BYTES = 8 << 20
MAX_CASES = 10_000
_LONG = 64 << 10  # characters from which the fast loader is worth its poorer messages
MAX_PROMPT = 8_000  # characters; a generator reads the whole prompt
_MAX_DESCRIPTION = 8_000
_MAX_TAGS = 20
_LONGEST_TAG = 40
_TOP = ("id", "title", "description", "rubric", "cases")
_CASE = ("id", "prompt", "data", "kind", "size", "tags", "not_applicable")
_KINDS: tuple[Kind, ...] = get_args(Kind)
_SIZES: tuple[Size, ...] = get_args(Size)
_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

_Word = TypeVar("_Word", bound=str)


def parse(text: str, path: Path, origin: str, rubrics: Iterable[Rubric] = ()) -> Suite:
    """Reads a suite.

    Args:
        text: YAML; docs/suites.md describes its keys. A byte order mark and the kind of newlines do not matter.
        path: Where the text lies; its folder holds the data files, and nothing outside it is read.
        origin: Name of the file, for messages.
        rubrics: Rubrics that are known here: `not_applicable` is checked against the one that the suite names.

    Raises:
        BadSuite: A `BadInput` that lists every problem as `origin:line: what is wrong`.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    problems = Problems(origin, BadSuite)
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        problems.add(0, too_long())
        problems.stop_if_any()
    slow = yaml.SafeLoader
    root = compose(text, problems, "suite", loader=slow if len(text) < _LONG else getattr(yaml, "CSafeLoader", slow))
    problems.stop_if_any()
    if root is None:
        problems.add(0, "empty; a suite has id, title and cases")
        problems.stop_if_any()
    assert root is not None  # nothing at all is a problem
    suite = _Reader(problems, path, {rubric.id: rubric for rubric in rubrics}).suite(root, text)
    problems.stop_if_any()
    assert suite is not None  # a root that is no mapping is a problem
    return suite


def too_long() -> str:
    """What is said of a text over the bound."""
    return f"longer than {MAX_BYTES >> 20} MB, which no suite needs to be"


class _Reader(Reader):
    """Reads the parts of one suite."""

    def __init__(self, problems: Problems, path: Path, rubrics: Mapping[str, Rubric]) -> None:
        super().__init__(problems)
        self._path = path
        self._rubrics = rubrics
        self._rubric: Rubric | None = None
        self._shelf = Shelf(path.parent)

    def suite(self, root: yaml.Node, text: str) -> Suite | None:
        fields = self.mapping(root, _TOP, "the suite")
        if fields is None:
            return None
        rubric = self.rubric(fields, root)
        return Suite(
            id=self.identifier(fields, root, "the suite", "-"),
            title=self.title(fields, root, "the suite"),
            description=self.bounded(fields, "description", root, "the suite", _MAX_DESCRIPTION)
            if "description" in fields
            else "",
            rubric=rubric,
            cases=self.cases(fields, root),
            path=self._path,
            sha256=_sha256(text, self._shelf.files),
        )

    def rubric(self, fields: Fields, root: yaml.Node) -> str:
        if "rubric" not in fields:
            return ""
        value = self.text(fields, "rubric", root, "the suite")
        if value and not _KEBAB.fullmatch(value):
            what = f"rubric must be the id of a rubric, such as 'ml-notebook', not {shown(value)!r}"
            self.problems.add(line_of(fields["rubric"]), what)
            return ""
        self._rubric = self._rubrics.get(value)
        return value

    def cases(self, fields: Fields, root: yaml.Node) -> tuple[Case, ...]:
        node = fields.get("cases")
        if node is None:
            self.problems.add(line_of(root), "the suite has no cases")
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self.problems.add(line_of(node), "cases must be a list, each item starting with '- id: …'")
            return ()
        if not 1 <= len(node.value) <= MAX_CASES:
            self.problems.add(line_of(node), f"{len(node.value):,} cases; a suite has 1 to {MAX_CASES:,}")
            return ()
        found: list[Case] = []
        first_line: dict[str, int] = {}
        for number, item in enumerate(node.value, start=1):
            case = self.case(item, f"case {number}")
            if case is None:
                continue
            if case.id in first_line:
                where = first_line[case.id]
                self.problems.add(line_of(item), f"the id {case.id!r} is taken by the case in line {where}")
            elif case.id:
                first_line[case.id] = line_of(item)
            found.append(case)
        return tuple(found)

    def case(self, node: yaml.Node, where: str) -> Case | None:
        fields = self.mapping(node, _CASE, where)
        if fields is None:
            return None
        identifier = self.identifier(fields, node, where, "-")
        where = f"case {identifier!r}" if identifier else where
        files = self.data(fields, where)
        return Case(
            id=identifier,
            prompt=self.bounded(fields, "prompt", node, where, MAX_PROMPT),
            data=tuple(each.file for each in files),
            kind=self.one_of(fields, "kind", where, _KINDS) or "other",
            size=self.one_of(fields, "size", where, _SIZES) or size_of(files),
            tags=self.tags(fields, where),
            not_applicable=self.not_applicable(fields, where),
        )

    def bounded(self, fields: Fields, key: str, parent: yaml.Node, where: str, limit: int) -> str:
        value = self.text(fields, key, parent, where)
        if len(value) > limit:
            self.problems.add(line_of(fields[key]), f"{key} of {where} is over {limit:,} characters")
        return value

    def one_of(self, fields: Fields, key: str, where: str, words: tuple[_Word, ...]) -> _Word | None:
        if key not in fields:
            return None
        value = self.text(fields, key, fields[key], where)
        for word in words:
            if value == word:
                return word
        if value:
            choice = f"{', '.join(words[:-1])} or {words[-1]}"
            self.problems.add(line_of(fields[key]), f"{key} of {where} must be {choice}, not {shown(value)!r}")
        return None

    def data(self, fields: Fields, where: str) -> list[Looked]:
        files: list[Looked] = []
        names = self.words(fields, "data", where, "files")
        if len(names) > MAX_FILES:
            self.problems.add(line_of(fields["data"]), f"{where} has {len(names)} data files; at most {MAX_FILES}")
            return []
        for line, name in names:
            found = self._shelf.look(name)
            if isinstance(found, str):
                self.problems.add(line, f"{where}: {found}")
                continue
            other = next((each.place for each in files if each.file.name == found.file.name), None)
            if other is not None:
                both = f"{other!r} and {found.place!r}" if other != found.place else f"{other!r} twice"
                self.problems.add(line, f"{where}: two data files of one name: {both}; a notebook would see only one")
                continue
            files.append(found)
        return files

    def tags(self, fields: Fields, where: str) -> tuple[str, ...]:
        words = self.words(fields, "tags", where, "words")
        if len(words) > _MAX_TAGS:
            self.problems.add(line_of(fields["tags"]), f"{where} has {len(words)} tags; at most {_MAX_TAGS}")
        for line, word in words:
            if len(word) > _LONGEST_TAG or "\n" in word or "\t" in word:
                what = f"the tag {shown(word)!r} of {where} must be one line of at most {_LONGEST_TAG} characters"
                self.problems.add(line, what)
        return tuple(dict.fromkeys(word for _, word in words))

    def not_applicable(self, fields: Fields, where: str) -> frozenset[str]:
        words = self.words(fields, "not_applicable", where, "dimensions")
        rubric = self._rubric
        known = None if rubric is None else [dimension.id for dimension in rubric.dimensions]
        if rubric is not None and words and rubric.scale.not_applicable is None:
            self.problems.add(words[0][0], f"{where}: the rubric {rubric.id!r} has no N/A on its scale")
        for line, word in words:
            if known is not None and rubric is not None and word not in known:
                near = nearest(word, known)
                what = f"{where}: the rubric {rubric.id!r} has no dimension {shown(word)!r}{near}"
                self.problems.add(line, what)
            elif not _SNAKE.fullmatch(word):
                self.problems.add(line, f"{where}: {shown(word)!r} is not the id of a dimension, such as 'model_use'")
        return frozenset(word for _, word in words)

    def words(self, fields: Fields, key: str, where: str, of: str) -> list[tuple[int, str]]:
        """A list of texts, each with its line; one text stands for a list of one."""
        node = fields.get(key)
        if node is None:
            return []
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found = []
        for item in items:
            if not isinstance(item, yaml.ScalarNode):
                self.problems.add(line_of(item), f"{key} of {where} must be a list of {of}, such as [one, another]")
            elif not item.value.strip() or item.tag == "tag:yaml.org,2002:null":
                self.problems.add(line_of(item), f"{key} of {where} has an empty entry; an empty list is []")
            else:
                found.append((line_of(item), item.value.strip()))
        return found


def _sha256(text: str, files: Iterable[Looked]) -> str:
    digest = hashlib.sha256(f"suite {hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()}\n".encode())
    for each in files:
        digest.update(f"{each.file.sha256} {each.place}\n".encode("utf-8", "replace"))
    return digest.hexdigest()
