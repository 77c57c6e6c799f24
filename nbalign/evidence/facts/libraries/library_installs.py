"""Installs in a notebook: packages, with or without a version, by pip, conda or Python."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from nbalign.evidence.code import Call, Code, CodeCell
from nbalign.evidence.facts.reading.words import words

_COMMAND = re.compile(
    r"(?:^|[\s;&|/(\"'])(?:(?:pip|pip3|pip3\.\d+|conda|mamba)|(?:\S+ -m pip))\s+install\b(?P<rest>.*)", re.DOTALL
)
_END = re.compile(r"&&|\|\||;| \| | \d?>>? ?(?!=)\S| #")
_TAKES_VALUE = words(
    "-i --index-url --extra-index-url -f --find-links -t --target --prefix -n --name -p --channel "
    "--trusted-host --proxy --timeout --retries --root --src --platform --python-version --progress-bar "
    "--global-option --config-settings -b --build --cache-dir --log --upgrade-strategy"
)
_SPEC = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*(?P<version>(?:===?|[<>!~]=|<|>|=|@).*)?$")
_TOOLS = frozenset({"pip", "setuptools", "wheel", "ipykernel", "jupyter", "notebook", "jupyterlab", "python"})
_RUNNERS = frozenset({"run", "call", "check_call", "check_output", "Popen", "system", "getoutput", "run_line_magic"})
_MOST = 200  # packages of one notebook


@dataclass(frozen=True, slots=True)
class Install:
    """One package that a notebook installs.

    Attributes:
        cell: Cell number.
        name: Package name, lower case with hyphens; empty when a variable or a file names it.
        version: Such as `==2.9`; empty for none.
    """

    cell: int
    name: str
    version: str

    @property
    def fixed(self) -> bool:
        """Whether its version is pinned or bounded."""
        return bool(self.version) and not self.version.startswith("!=")


def read_installs(code: Code) -> tuple[Install, ...]:
    """Every install, in order; the installer's own upgrades are left out."""
    found: list[Install] = []
    for cell in code.cells:
        for command in cell.shell:
            found += _of_command(cell.number, _whole(cell, command.line, command.text))
    for call in code.calls:
        found += _of_call(call)
    kept = [i for i in found if i.name not in _TOOLS]
    return tuple(sorted(kept[:_MOST], key=lambda i: i.cell))


def normal(name: str) -> str:
    """A package name in the form in which names are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _whole(cell: CodeCell, line: int, text: str) -> str:
    """A command with the lines it goes on over."""
    lines = cell.cell.source.split("\n")
    while text.endswith("\\") and line < len(lines):
        text = text[:-1] + " " + lines[line].strip()
        line += 1
    return text


def _of_command(cell: int, text: str) -> Iterator[Install]:
    found = _COMMAND.search(text[:4_000])
    if not found:
        return
    rest = found.group("rest")
    if end := _END.search(rest):
        rest = rest[: end.start()]
    try:
        parts = shlex.split(rest)
    except ValueError:
        parts = rest.split()
    yield from _of_words(cell, parts)


def _of_words(cell: int, parts: list[str]) -> Iterator[Install]:
    specs: list[str] = []
    skip = False
    for word in parts:
        if skip:
            skip = False
        elif word in ("-r", "--requirement", "-c", "--constraint", "-e", "--editable", "--file"):
            skip = True
            if word not in ("-c", "--constraint"):
                yield Install(cell, "", "")
        elif word.startswith(("-r", "--requirement=")) and word.endswith(".txt"):
            yield Install(cell, "", "")
        elif word.startswith("-"):
            skip = word in _TAKES_VALUE
        elif specs and (re.match(r"[=<>!~]=", word) or specs[-1].endswith(("=", ">", "<"))):
            specs[-1] += word
        else:
            specs.append(word)
    for spec in specs:
        yield from _of_spec(cell, spec.strip("'\","))


def _of_spec(cell: int, spec: str) -> Iterator[Install]:
    if any(mark in spec for mark in "{}$*"):
        yield Install(cell, "", "")
    elif "://" in spec or spec.startswith("git+"):
        name = spec.rstrip("/").rpartition("/")[2].partition(".git")[0].partition("@")[0].partition("#")[0]
        tagged = "@" in spec.rpartition("/")[2] or spec.endswith((".whl", ".tar.gz"))
        yield Install(cell, normal(name.split("-")[0] if spec.endswith(".whl") else name), "@" if tagged else "")
    elif spec.startswith((".", "/")) or spec.endswith((".whl", ".tar.gz", ".zip")):
        yield Install(cell, "", "")
    elif found := _SPEC.match(spec):
        yield Install(cell, normal(found.group("name")), (found.group("version") or "").replace(" ", ""))


def _of_call(call: Call) -> Iterator[Install]:
    if call.last == "installPyPI":
        name, version = call.argument(0, "pypiPackage"), call.argument(1, "version")
        if isinstance(name, ast.Constant):
            fixed = f"=={version.value!s}" if isinstance(version, ast.Constant) else ""
            yield Install(call.cell, normal(str(name.value)), fixed)
        return
    if call.last in ("main", "_main") and "pip" in call.name and call.node.args:
        parts = _words(call.node.args[0])
        if parts[:1] == ["install"]:
            yield from _of_words(call.cell, parts[1:])
        return
    if call.last not in _RUNNERS:
        return
    parts = [word for argument in call.node.args for word in _words(argument)]
    if parts[1:] and parts[0] in ("pip", "conda"):
        yield from _of_command(call.cell, " ".join(parts))
    elif len(parts) == 1:
        yield from _of_command(call.cell, parts[0])
    elif "install" in parts and ("pip" in parts or "pip3" in parts or "conda" in parts):
        yield from _of_words(call.cell, parts[parts.index("install") + 1 :])


def _words(node: ast.expr) -> list[str]:
    """Constant parts of a command; `{}` for what is not constant."""
    if isinstance(node, ast.List | ast.Tuple):
        return [word for part in node.elts for word in _words(part)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(_text(part) for part in node.values)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split":
        return [w for word in _words(node.func.value) for w in word.split()]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _words(node.left), _words(node.right)
        if isinstance(node.left, ast.List) or isinstance(node.right, ast.List):
            return left + right
        return ["".join(left + right)]
    return ["{}"]


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "{}"
