"""The command generator: what a command is given, what it may do wrong, and that nothing of it is left."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.errors import Cancelled, GeneratorError, UsageError
from nbalign.notebooks import read
from nbalign.progress import silent
from nbalign.suite.generate.command.generator import CommandGenerator, CommandOptions
from nbalign.suite.generate.command.template import PLACEHOLDERS, parse_template
from nbalign.suite.generate.model import Request, Written
from nbalign.suite.model import Case, DataFile
from tests.notebooks.build import code, markdown, notebook
from tests.suite.scripted_writer import PretendExecutor, error

HOSTILE = "Predict $(touch made) `touch made` \"kind\"; 'now' {out} \x1b[2J -- --help\nplants.csv"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    path = tmp_path / "plants.csv"
    path.write_text("height,kind\n1,fern\n")
    raw = path.read_bytes()
    data = (DataFile("plants.csv", path, len(raw), hashlib.sha256(raw).hexdigest()),)
    return Case("plants", HOSTILE, data, "classification", "small", (), frozenset())


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A notebook that commands can copy."""
    path = tmp_path / "good.ipynb"
    path.write_bytes(notebook(markdown("# Plants"), code("print(1)")))
    return path


def made(command: str, here: Path, **options: object) -> CommandGenerator:
    return CommandGenerator(parse_template(command, here), CommandOptions(**{"retries": 0, **options}))  # type: ignore[arg-type]


def wrote(command: str, case: Case, here: Path, executor: PretendExecutor | None = None, **options: object) -> Written:
    return made(command, here, **options).write(Request(case, 2, 77), executor, silent)


def test_a_command_gets_prompt_data_and_place_without_a_shell(case: Case, tmp_path: Path, good: Path) -> None:
    script = tmp_path / "assistant.py"
    script.write_text(
        "import json, os, pathlib, sys\n"
        f"good = pathlib.Path({str(good)!r}).read_bytes()\n"
        "seen = {'argv': sys.argv[1:], 'cwd': os.getcwd(), 'files': os.listdir(),\n"
        "        'text': pathlib.Path(sys.argv[2]).read_text(),\n"
        "        'env': {k: v for k, v in os.environ.items() if k.startswith(('NBALIGN_', 'TOOL_'))}}\n"
        f"pathlib.Path({str(tmp_path / 'seen.json')!r}).write_text(json.dumps(seen))\n"
        "pathlib.Path(sys.argv[4]).write_bytes(good)\n"
    )
    command = f"{sys.executable} {{here}}/assistant.py --task={{prompt}} {{prompt_file}} {{data}} {{out}}"
    command += " {case} {repeat} {seed} '{{out}} and {\"a\": 1}'"
    written = wrote(command, case, tmp_path, environment={"TOOL_MODEL": "small"})
    seen = json.loads((tmp_path / "seen.json").read_text())
    task, prompt_file, data, out, *rest = seen["argv"]
    assert task == f"--task={HOSTILE}"
    assert seen["text"] == HOSTILE
    assert rest == ["plants", "2", "77", '{out} and {"a": 1}']
    assert seen["cwd"] == str(Path(data).resolve())
    assert seen["files"] == ["plants.csv"]
    assert seen["env"].pop("TOOL_MODEL") == "small"
    expected = {"PROMPT": HOSTILE, "PROMPT_FILE": prompt_file, "DATA": data, "OUT": out, "CASE": "plants"}
    expected |= {"REPEAT": "2", "SEED": "77"}
    assert seen["env"].items() >= {f"NBALIGN_{name}": value for name, value in expected.items()}.items()
    assert not Path(out).parent.parent.exists()  # its folder is gone
    assert not (tmp_path / "made").exists()
    assert case.data[0].path.read_text() == "height,kind\n1,fern\n"
    book = json.loads(written.raw)
    assert book["metadata"]["nbalign"]["made_by"] == dict(written.made_by)
    assert [cell.source for cell in read(written.raw, "a.ipynb").cells] == ["# Plants", "print(1)"]


def test_the_notebook_is_run_in_the_sandbox_and_its_outputs_replaced(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "good.ipynb"
    path.write_bytes(notebook(code("print(1)"), code(""), markdown("text"), code("boom()"), code("print(2)")))
    executor = PretendExecutor({"boom": error("NameError")})
    written = wrote(f"cp {path} {{out}}", case, tmp_path, executor)
    assert executor.kernels == [["print(1)", "boom()", "print(2)"]]
    assert written.failed_cells == 1
    cells = read(written.raw, "a.ipynb").cells
    assert cells[0].outputs[0].text.strip() == "done"
    assert [cell.execution_count for cell in cells] == [1, None, None, 2, 3]
    alone = wrote(f"cp {path} {{out}}", case, tmp_path)
    assert alone.failed_cells == 0


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("cp 'open", "split"),
        ("cp {promt} {out}", "{promt} is no placeholder"),
        ("no-such-program-here {out}", "no program"),
        ("/no/such/program {out}", "no program"),
        ("{out} x", "program itself"),
        ("sh -c 'echo {prompt} > {out}'", "as code"),
        ("bash -ec 'echo {prompt}'", "as code"),
        ("python3 tool.py {out}", "folder of its own"),
        ("./tool.py {out}", "folder of its own"),
        ("{here}/tool.py {out}", "no program"),  # it is not executable
    ],
)
def test_a_command_that_cannot_work_is_refused_before_anything_starts(command: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text("")
    with pytest.raises(UsageError) as caught:
        parse_template(command, tmp_path)
    assert words in caught.value.message
    assert caught.value.hint


def test_a_shell_may_be_asked_for(case: Case, tmp_path: Path, good: Path) -> None:
    written = wrote(f'sh -c \'test -n "$NBALIGN_PROMPT" && cp {good} "$NBALIGN_OUT"\'', case, tmp_path)
    assert read(written.raw, "a.ipynb").cells[0].source == "# Plants"
    assert not (tmp_path / "made").exists()


@given(st.text(max_size=60))
def test_any_text_is_a_command_or_an_error_for_people(text: str) -> None:
    try:
        template = parse_template(text, Path("/nowhere"))
    except UsageError as error:
        assert error.message
        return
    filled = template.filled(dict.fromkeys(PLACEHOLDERS, "a value; with $(everything)"))
    assert len(filled) == len(template.words)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("true", "wrote no notebook"),
        ("sh -c 'echo broken down >&2; exit 4'", "exit code 4): broken down"),
        ("sh -c 'kill -9 $$'", "signal 9"),
        ("sh -c 'echo nonsense > $NBALIGN_OUT'", "notebook"),
        ("sh -c 'mkdir $NBALIGN_OUT'", "no plain file"),
        ("sh -c 'ln -s /etc/passwd $NBALIGN_OUT'", "no plain file"),
        ("sh -c 'rm -r ../out'", "wrote no notebook"),
    ],
)
def test_what_goes_wrong_is_said(command: str, words: str, case: Case, tmp_path: Path) -> None:
    with pytest.raises(GeneratorError) as caught:
        wrote(command, case, tmp_path)
    assert words in caught.value.message


def test_words_of_a_command_are_bounded_and_clean(case: Case, tmp_path: Path) -> None:
    loud = 'sh -c \'head -c 3000000 /dev/zero | tr "\\0" x; printf "\\033[2Jlast words\\n" >&2; exit 1\''
    with pytest.raises(GeneratorError) as caught:
        wrote(loud, case, tmp_path)
    assert len(caught.value.message) < 600
    assert "\x1b" not in caught.value.message


def test_a_failed_attempt_is_tried_again_and_noted(case: Case, tmp_path: Path, good: Path) -> None:
    flag = tmp_path / "tried"
    command = f"sh -c 'test -e {flag} && cp {good} $NBALIGN_OUT || {{ touch {flag}; echo not yet; exit 1; }}'"
    written = wrote(command, case, tmp_path, retries=1)
    assert written.notes == ("Attempt 1 failed: sh failed (exit code 1): not yet.",)
    with pytest.raises(GeneratorError, match="after 3 attempts"):
        wrote("false", case, tmp_path, retries=2)


def test_a_command_over_its_time_is_ended_with_all_it_started(case: Case, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    command = f"sh -c 'trap \"\" TERM; sleep 300 & echo $! $$ > {pids}; wait; sleep 300'"
    with pytest.raises(GeneratorError, match=r"not done after 0\.5 s"):
        wrote(command, case, tmp_path, timeout=0.5)
    for pid in map(int, pids.read_text().split()):
        assert gone(pid)


def test_what_a_command_leaves_running_is_ended(case: Case, tmp_path: Path, good: Path) -> None:
    pids = tmp_path / "pids"
    wrote(f"sh -c 'sleep 300 & echo $! > {pids}; cp {good} $NBALIGN_OUT'", case, tmp_path)
    assert gone(int(pids.read_text()))


def test_it_can_be_stopped(case: Case, tmp_path: Path) -> None:
    cancel = threading.Event()
    pids = tmp_path / "pids"
    generator = made(f"sh -c 'echo $$ > {pids}; exec sleep 300'", tmp_path)

    def stop() -> None:
        while not (pids.exists() and pids.read_text().strip()):
            time.sleep(0.01)
        cancel.set()

    thread = threading.Thread(target=stop)
    thread.start()
    with pytest.raises(Cancelled):
        generator.write(Request(case, 1, 1), None, silent, cancel)
    thread.join()
    assert gone(int(pids.read_text()))


def test_a_prompt_that_no_argument_can_hold_is_a_clear_error(case: Case, tmp_path: Path) -> None:
    def asking(prompt: str) -> Case:
        return Case("plants", prompt, (), "other", "small", (), frozenset())

    with pytest.raises(GeneratorError, match="did not start") as caught:
        wrote("echo {prompt}", asking("x" * 3_000_000), tmp_path)
    assert "{prompt_file}" in caught.value.hint
    with pytest.raises(GeneratorError, match="did not start"):
        wrote("echo {prompt}", asking("a\0b"), tmp_path)


def test_identity_follows_the_command_and_keeps_secrets_to_itself(tmp_path: Path) -> None:
    first = made("echo {out}", tmp_path, environment={"KEY": "secret-value"})
    same = made("echo {out}", tmp_path, environment={"KEY": "secret-value"}, timeout=9)
    other = made("echo {out}", tmp_path, environment={"KEY": "another"})
    assert first.identity == same.identity != other.identity
    assert "secret-value" not in str(first.identity)
    assert first.identity["command"] == "echo {out}"
    assert first.name == "command:echo"
    assert made("echo", tmp_path, name="gpt-x").name == "command:gpt-x"


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": 0.0},
        {"timeout": float("nan")},
        {"retries": -1},
        {"environment": {"A=B": "c"}},
        {"environment": {"NBALIGN_OUT": "/etc/passwd"}},
        {"environment": {"": "x"}},
    ],
)
def test_impossible_options_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        CommandOptions(**options)  # type: ignore[arg-type]


def gone(pid: int) -> bool:
    """Whether a process has ended, within some seconds."""
    for _ in range(500):
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False
