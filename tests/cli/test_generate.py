"""`nbalign generate` with commands that write, fail and hang, and with the examples of its page."""

from __future__ import annotations

import json
import re
import shlex
import signal
import time
from pathlib import Path

import pytest
import yaml

from nbalign.cli.generate import generate
from nbalign.cli.generator_options import Execution
from nbalign.notebooks import read_file
from nbalign.suite.generate.making import make_generator
from nbalign.suite.generate.settings import read_wanted
from tests.cli.conftest import Nbalign, started
from tests.notebooks.build import code, notebook

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "generators.md").read_text(encoding="utf-8")


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Two cases, one with data."""
    folder = tmp_path / "mine"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "plants.csv").write_text("height,kind\n1,fern\n2,moss\n")
    cases: list[dict[str, object]] = [
        {"id": "kinds", "prompt": "Predict kind from plants.csv.", "data": "data/plants.csv"},
        {"id": "primes", "prompt": "Plot the primes to 100.", "tags": ["plot"]},
    ]
    whole = {"id": "mine", "title": "Mine", "cases": [{"kind": "other", "size": "small", **case} for case in cases]}
    (folder / "suite.yaml").write_text(yaml.safe_dump(whole))
    return folder


@pytest.fixture
def good(tmp_path: Path) -> str:
    """A command that writes a notebook."""
    path = tmp_path / "good.ipynb"
    path.write_bytes(notebook(code("print(open('plants.csv').read())")))
    return f"command:cp {path} {{out}}"


def test_notebooks_are_written_counted_and_not_written_again(
    nbalign: Nbalign, suite: Path, good: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ran = nbalign("generate", suite, "--out", out, "--generator", good, "--no-execute", "--repeat", "2")
    assert "command:cp: 4 notebooks written" in ran.out
    assert "no cell failed" in ran.out
    names = sorted(path.name for path in out.iterdir())
    assert names == [
        *("kinds-2.ipynb", "kinds-2.prompt.txt", "kinds.ipynb", "kinds.prompt.txt", "made.jsonl"),
        *("primes-2.ipynb", "primes-2.prompt.txt", "primes.ipynb", "primes.prompt.txt"),
    ]
    assert read_file(out / "kinds.ipynb")[1].prompt == "Predict kind from plants.csv."
    again = nbalign("generate", suite, "--out", out, "--generator", good, "--no-execute", "--repeat", "2", "--json")
    assert (again.json["written"], again.json["known"], again.json["failures"]) == (0, 4, [])
    other = nbalign("generate", suite, "--out", out, "--generator", good, "--no-execute", "--seed", "1", code=2)
    assert "seed was '0' and is '1'" in other.err
    assert "--force" in other.err
    forced = nbalign("generate", suite, "--out", out, "--generator", good, "--no-execute", "--seed", "1", "--force")
    assert "2 notebooks written" in forced.out


def test_some_cases_and_the_packaged_suite(nbalign: Nbalign, suite: Path, good: str, tmp_path: Path) -> None:
    nbalign("generate", suite, "--out", tmp_path / "a", "--generator", good, "--no-execute", "--tag", "plot")
    assert [path.name for path in (tmp_path / "a").glob("*.ipynb")] == ["primes.ipynb"]
    args = ("--no-execute", "--case", "iris-species")
    nbalign("generate", "tabular", "--out", tmp_path / "b", "--generator", good, *args)
    assert [path.name for path in (tmp_path / "b").glob("*.ipynb")] == ["iris-species.ipynb"]


def test_a_failure_is_told_and_the_rest_is_there(nbalign: Nbalign, suite: Path, good: str, tmp_path: Path) -> None:
    path = good.split()[1]
    command = f"command:sh -c 'test $NBALIGN_CASE = primes && cp {path} $NBALIGN_OUT'"
    ran = nbalign(
        "generate", suite, "--out", tmp_path / "out", "--generator", command, "--no-execute", "--retries", "0", code=3
    )
    assert "1 notebook written" in ran.out
    assert "1 could not be made" in ran.out
    assert "not made: kinds (1): sh failed (exit code 1)" in ran.err


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["--generator", "magic"], 2, "is no generator"),
        (["--generator", "command:no-such-program-here {out}"], 2, "no program"),
        (["--generator", "command:echo {outt}"], 2, "no placeholder"),
        (["--generator", "command:true", "--temperature", "1"], 2, "belongs to the generator local"),
        (["--generator", "local", "--env", "A=b"], 2, "belongs to the generator command"),
        (["--generator", "command:true", "--env", "A"], 2, "NAME=VALUE"),
        (["--generator", "local", "--generator-file", "x.yaml"], 2, "Give one of them"),
        (["--generator-file", "missing.yaml"], 2, "no file"),
        (["--generator", "local:no-such-model"], 4, "no-such-model"),
        (["--generator", "command:true", "--case", "nothing"], 2, "nothing"),
    ],
)
def test_mistakes_are_told_before_anything_is_written(
    args: list[str], code: int, words: str, nbalign: Nbalign, suite: Path, tmp_path: Path
) -> None:
    ran = nbalign("generate", suite, "--out", tmp_path / "out", *args, code=code)
    assert words in ran.err
    assert not (tmp_path / "out").exists()


def test_ctrl_c_keeps_what_is_done(nbalign: Nbalign, suite: Path, good: str, tmp_path: Path) -> None:
    path, out = good.split()[1], tmp_path / "out"
    script = f"test $NBALIGN_CASE = primes && touch {tmp_path}/begun && exec sleep 300; cp {path} $NBALIGN_OUT"
    command = f"command:sh -c {shlex.quote(script)}"
    running = started(nbalign.folder, "generate", str(suite), "--out", str(out), "--generator", command, "--no-execute")
    while not (tmp_path / "begun").exists():
        assert running.poll() is None, running.communicate()
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert "Traceback" not in err
    assert "go on" in err
    assert [path.name for path in out.glob("*.ipynb")] == ["kinds.ipynb"]
    ran = nbalign("generate", suite, "--out", out, "--generator", good, "--no-execute", code=2)
    assert "made otherwise" in ran.err


def test_cells_run_in_a_sandbox_with_the_cases_data(nbalign: Nbalign, suite: Path, good: str, tmp_path: Path) -> None:
    from nbalign.execute.isolation import sandbox_here

    if sandbox_here(None).isolation is None:
        pytest.skip("no sandbox can be had here")
    ran = nbalign("generate", suite, "--out", tmp_path / "out", "--generator", good)
    assert "1 cell failed, in 1 notebook" in ran.out  # primes has no data to read
    assert "1,fern" in read_file(tmp_path / "out" / "kinds.ipynb")[1].cell(1).outputs[0].text
    lines = [json.loads(line) for line in (tmp_path / "out" / "made.jsonl").read_text().splitlines()]
    assert [line.get("failed_cells") for line in lines] == [None, 0, 1]


def test_notebooks_of_a_folder_are_run_only_when_that_is_asked_for(
    nbalign: Nbalign, suite: Path, good: str, tmp_path: Path
) -> None:
    from nbalign.execute.isolation import sandbox_here

    theirs = tmp_path / "theirs"
    nbalign("generate", suite, "--out", theirs, "--generator", good, "--no-execute")
    ran = nbalign("generate", suite, "--out", tmp_path / "as-they-are", "--generator", f"folder:{theirs}")
    assert ran.out.startswith("folder:theirs: 2 notebooks written")
    for name in ("kinds", "primes"):
        assert (tmp_path / "as-they-are" / f"{name}.ipynb").read_bytes() == (theirs / f"{name}.ipynb").read_bytes()
    if sandbox_here(None).isolation is None:
        pytest.skip("no sandbox can be had here")
    nbalign("generate", suite, "--out", tmp_path / "run", "--generator", f"folder:{theirs}", "--execute")
    assert "1,fern" in read_file(tmp_path / "run" / "kinds.ipynb")[1].cell(1).outputs[0].text


def test_what_decides_how_cells_run_is_part_of_the_identity() -> None:
    execution = Execution(True, 60, 600, 1 << 30, None, False)
    assert execution.identity()["executed"] == "yes"
    assert Execution(False, 60, 600, 1 << 30, None, False).executor() is None
    found = execution.executor()
    assert found is not None
    assert found.bounds.memory_bytes == 1 << 30


def test_the_files_of_the_page_are_generator_files(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        path = tmp_path / "generator.yaml"
        path.write_text(block)
        found = read_wanted(path)
        if found.kind == "command":
            make_generator(found)


def test_the_commands_of_the_page_are_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "bin" / "my-assistant"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:/usr/bin:/bin")
    from nbalign.suite.generate.settings import wanted

    lines = [line for line in PAGE.splitlines() if line.startswith("nbalign generate ")]
    assert len(lines) >= 5
    for line in lines:
        words = shlex.split(line.split("  #")[0])[2:]
        context = generate.make_context("generate", list(words))
        text = context.params["generator"]
        if text and text.startswith("command:"):
            make_generator(wanted(text, tmp_path))
