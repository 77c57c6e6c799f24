"""The documentation is true of the code, as far as a program can tell."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from nbalign.cli.main import COMMANDS, nbalign
from nbalign.workspace import Workspace

ROOT = Path(__file__).parent.parent
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
EXAMPLES = sorted((ROOT / "docs" / "examples").iterdir())


@pytest.mark.parametrize("script", ["cli_reference.py", "evidence_kinds.py", "tui_keys.py"])
def test_what_is_written_from_the_code_is_what_the_code_says(script: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / script), "--check"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def _code(page: Path) -> list[str]:
    """What stands as code in a page: blocks and words between backticks; of an example, its commands."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".yml":
        jobs = yaml.safe_load(text)["jobs"].values()
        return [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    if page.suffix == ".sh":
        return [re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)]
    blocks = re.findall(r"```.*?```", text, flags=re.DOTALL)
    return [*blocks, *re.findall(r"`[^`\n]+`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))]


def _calls(page: Path) -> list[tuple[str, str]]:
    """The calls of nbalign in a page: the command and what follows it."""
    lines = [line.split(" #")[0] for block in _code(page) for line in block.replace("\\\n", " ").strip("`").split("\n")]
    found = [
        re.match(r"\s*(?:\S+/)?nbalign(?: -w \S+)? ([a-z][a-z-]*)(.*)", call)
        for line in lines
        for call in re.split(r"&&|;|\|", line)
    ]
    return [(call.group(1), call.group(2)) for call in found if call]


@pytest.mark.parametrize("page", [*PAGES, *EXAMPLES], ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_named_in_the_pages_exist(page: Path) -> None:
    for block in _code(page):
        for name in re.findall(r"(?:^|[\s`/])nbalign(?: -w \S+)? ([a-z][a-z-]*)", block, flags=re.MULTILINE):
            assert name in COMMANDS, f"{page.name} names `nbalign {name}`"


def _options(command: click.Command) -> set[str]:
    """Every option of a command and of those below it."""
    found = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            found |= _options(below)
    return found


@pytest.mark.parametrize("page", [*PAGES, *EXAMPLES], ids=lambda page: str(page.relative_to(ROOT)))
def test_options_named_with_a_command_are_options_of_that_command(page: Path) -> None:
    for name, rest in _calls(page):
        command = nbalign.get_command(click.Context(nbalign), name)
        assert command is not None, f"{page.name} names `nbalign {name}`"
        for option in re.findall(r"(?<=\s)--?[a-z][a-z-]*", rest):
            assert option in _options(command) | {"-h", "--help"}, f"{page.name}: nbalign {name}{rest}"


def test_the_calls_of_pages_and_examples_are_found() -> None:
    """Else the two tests above would look at nothing."""
    gate = ROOT / "docs" / "examples"
    for page in (gate / "gate.sh", gate / "gate.yml", ROOT / "docs" / "how-to-gate.md"):
        names = {name for name, _ in _calls(page)}
        assert {"suite", "run", "compare", "gate"} <= names, page.name
        assert any(name == "gate" and "--max-drop" in rest for name, rest in _calls(page)), page.name
    assert any("--junit" in rest and "--markdown" in rest for _, rest in _calls(gate / "gate.sh"))
    assert len(_calls(ROOT / "docs" / "how-to.md")) > 20


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_named_in_the_pages_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for name in re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8")):
        assert name in targets, f"{page.name} names `make {name}`"


def test_methods_named_on_the_python_page_are_methods_of_a_workspace() -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [a-z ]+ \| (`.*) \|$", page, flags=re.MULTILINE)
    named = [
        name.removeprefix("Workspace.") for row in rows for name in re.findall(r"`([\w.]+)`", row) if name != "with"
    ]
    assert len(named) > 30
    assert not [name for name in named if not hasattr(Workspace, name)]
    for block in re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL):
        for name in re.findall(r"\bws\.(\w+)", block):
            assert hasattr(Workspace, name), name


def test_the_python_page_shows_the_tested_example() -> None:
    import textwrap

    import nbalign.workspace

    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert found is not None
    assert textwrap.indent(found.group(1), "    ", lambda line: bool(line.strip())) in (nbalign.workspace.__doc__ or "")
