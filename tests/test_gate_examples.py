"""The examples of `docs/how-to-gate.md`: the script as it is written, with a real, small judge, and the workflow's text."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from nbalign.execute.isolation import sandbox_here
from nbalign.suite.generate.settings import read_wanted
from nbalign.workspace import Workspace
from tests.cli.conftest import short_rubric
from tests.conftest import SMALL

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples"
SUITE = """id: mine
title: Mine
rubric: short
cases:
  - id: primes
    prompt: Print the primes to 10.
  - id: squares
    prompt: Print the squares to 10.
"""
# Writes a cell that runs; where there is a file `forgets`, it leaves one case out.
ASSISTANT = """
import json, os, pathlib, sys
if os.environ["NBALIGN_CASE"] == "squares" and (pathlib.Path(__file__).parent / "forgets").exists():
    sys.exit("I forgot how to do squares.")
cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [], "source": "print(4)"}
book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
pathlib.Path(sys.argv[1]).write_text(json.dumps(book))
"""


@pytest.fixture
def place(tmp_path: Path, small_model: Path) -> Path:
    """A folder as the script expects it, with a workspace and a program `nbalign`."""
    if sandbox_here().isolation is None:
        pytest.skip(sandbox_here().why_not)
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "suite.yaml").write_text(SUITE)
    (tmp_path / "assistant.py").write_text(ASSISTANT)
    (tmp_path / "generator.yaml").write_text(
        f"kind: command\nname: mine\nretries: 0\ncommand: {sys.executable} {{here}}/assistant.py {{out}}\n"
    )
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "nbalign"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {sys.executable} -m nbalign "$@"\n')
    program.chmod(0o755)
    with Workspace.create(tmp_path / "workspace") as workspace:
        workspace.add_rubric(short_rubric(tmp_path / "short.yaml", 2, [1, 2, 3]))
    return tmp_path


def ran(place: Path, *words: str, **variables: str) -> tuple[int, str]:
    """A command run in the folder; its exit code and all that it printed."""
    done = subprocess.run(
        words,
        cwd=place,
        env={**os.environ, "PATH": f"{place / 'bin'}:{os.environ['PATH']}", **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=280,
        check=False,
    )
    assert "Traceback" not in done.stdout, done.stdout
    return done.returncode, done.stdout


@pytest.mark.model
@pytest.mark.timeout(290)
def test_the_script_passes_what_did_not_change_and_refuses_what_left_a_notebook_out(place: Path) -> None:
    made = ran(place, "nbalign", "generate", "suite", "--out", "baseline", "--generator-file", "generator.yaml")
    assert made[0] == 0, made[1]
    gate = (str(EXAMPLES / "gate.sh"),)

    code, said = ran(place, *gate, RUN="same", JUDGE=SMALL)
    assert code == 0, said
    assert "Pass" in said
    reports = place / "reports"
    page = (reports / "compare.html").read_text()
    assert "same-baseline" in page
    suite = next(ElementTree.parse(reports / "gate.xml").iter("testsuite"))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == (
        "4",
        "0",
        "0",
    )  # two dimensions, their mean, what is missing
    assert "same" in (reports / "gate.md").read_text()
    with Workspace.open(place / "workspace") as workspace:
        assert set(workspace.run_names()) == {"same", "same-baseline"}
        judged = len(workspace.judgements())
        assert judged == 4  # two notebooks on two dimensions: the run made them again, to the same bytes

    (place / "forgets").touch()
    code, said = ran(place, *gate, RUN="worse", JUDGE=SMALL)
    assert code == 1, said
    assert "I forgot how to do squares." in said
    assert "Fail: 1 notebook missing" in said
    assert "missing" in (reports / "gate.md").read_text()
    with Workspace.open(place / "workspace") as workspace:
        assert len(workspace.judgements()) == judged  # nothing was judged again

    (place / "baseline" / "squares.ipynb").unlink()
    code, said = ran(place, *gate, RUN="without", JUDGE=SMALL)
    assert code == 3, said
    assert "baseline has no squares.ipynb" in said


def test_the_workflow_does_what_the_script_does() -> None:
    workflow = yaml.safe_load((EXAMPLES / "gate.yml").read_text(encoding="utf-8"))
    (job,) = workflow["jobs"].values()
    assert "self-hosted" in job["runs-on"]
    steps = job["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    used = [step["uses"] for step in steps if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z/-]+@v\d+", name) for name in used)
    commands = "\n".join(step["run"] for step in steps if "run" in step)
    script = (EXAMPLES / "gate.sh").read_text(encoding="utf-8")

    def calls(text: str) -> list[str]:
        return re.findall(r"^\s*nbalign (\w+)", text, flags=re.MULTILINE)

    assert [name for name in calls(commands) if name != "models"] == calls(script)
    assert {"NBALIGN_MODELS", "NBALIGN_WORKSPACE"} <= set(job["env"])
    cached = {step["with"]["path"] for step in steps if "cache" in step.get("uses", "")}
    for variable in ("NBALIGN_MODELS", "NBALIGN_WORKSPACE"):
        assert any(job["env"][variable].endswith(path) for path in cached)
    kept = [step for step in steps if step.get("if") == "always()"]
    assert {step["uses"].split("@")[0] for step in kept} == {"actions/cache/save", "actions/upload-artifact"}
    named = set(re.findall(r"\$([A-Z]+)\b", commands)) - {"GITHUB_STEP_SUMMARY"}
    assert named <= set(job["env"])


def test_the_generator_file_of_the_page_is_one(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to-gate.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    (tmp_path / "generator.yaml").write_text(block)
    found = read_wanted(tmp_path / "generator.yaml")
    assert (found.kind, found.values["timeout"]) == ("command", 900.0)
    assert "{out}" in found.command
