"""What a user wants of a generator: words of the command line and generator files, each problem with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbalign.errors import BadInput, NbalignError, NotFound, UsageError
from nbalign.suite.generate.command.generator import CommandGenerator
from nbalign.suite.generate.local.options import LocalOptions
from nbalign.suite.generate.making import make_generator
from nbalign.suite.generate.settings import read_wanted, wanted

HERE = Path("/somewhere")
ROOT = Path(__file__).parents[2]


def test_words_of_the_command_line() -> None:
    assert wanted("local", HERE).kind == "local"
    assert wanted("local", HERE).values == {}
    assert wanted("local:qwen2.5-coder-1.5b", HERE).values == {"model": "qwen2.5-coder-1.5b"}
    found = wanted("command: tool --file {prompt_file}:{out}", HERE)
    assert (found.kind, found.command, found.here) == ("command", "tool --file {prompt_file}:{out}", HERE)
    for text in ("", "locals", "local:", "command", "command:  ", "gpt", "\x1b[2J"):
        with pytest.raises(UsageError) as caught:
            wanted(text, HERE)
        assert "\x1b" not in caught.value.message


def test_a_file_of_each_kind(tmp_path: Path) -> None:
    local = tmp_path / "local.yaml"
    local.write_text(
        "kind: local\nmodel: smollm2-135m\ntemperature: 0.2\nsteps: 4\ninstructions: |\n  Do not\n  split.\n"
    )
    found = read_wanted(local)
    assert found.values == {"model": "smollm2-135m", "temperature": 0.2, "steps": 4, "instructions": "Do not\nsplit."}
    command = tmp_path / "command.yaml"
    command.write_text(
        "kind: command\ncommand: cp {here}/x {out}\ntimeout: 20\nretries: 3\nname: x\nenv:\n  A: b\n  C: 1\n"
    )
    found = read_wanted(command)
    assert found.values == {"timeout": 20.0, "retries": 3, "name": "x", "environment": {"A": "b", "C": "1"}}
    generator = make_generator(found)
    assert isinstance(generator, CommandGenerator)
    assert generator.name == "command:x"
    assert generator.identity["here"] == str(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("- a\n", "'key: value' lines"),
        ("kind: remote\n", ":1: kind must be local or command, not 'remote'"),
        ("model: x\n", "has no kind"),
        ("kind: local\ntemprature: 1\n", ":2: unknown key 'temprature' in the generator; did you mean 'temperature'?"),
        ("kind: local\nsteps: many\n", ":2: steps must be a whole number, not 'many'"),
        ("kind: local\ntemperature: warm\n", ":2: temperature must be a number"),
        ("kind: local\ncommand: x\n", "command does not belong to a generator of the kind local"),
        ("kind: command\nsteps: 2\n", "steps does not belong"),
        ("kind: command\n", "has no command"),
        ("kind: command\ncommand: x\nenv: y\n", ":3: env must be made of"),
        ("kind: &a local\nmodel: *a\n", "anchor"),
        ("kind: local\n\tx", "not valid YAML"),
    ],
)
def test_every_problem_has_its_line(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "generator.yaml"
    path.write_text(text)
    with pytest.raises(BadInput) as caught:
        read_wanted(path)
    assert words in caught.value.message
    assert caught.value.hint


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_wanted(tmp_path / "missing.yaml")
    with pytest.raises(NotFound):
        read_wanted(tmp_path)
    path = tmp_path / "odd.yaml"
    path.write_bytes(b"kind: \xff\xfe")
    with pytest.raises(BadInput, match="UTF-8"):
        read_wanted(path)
    path.write_bytes(b"# " + b"x" * 300_000)
    with pytest.raises(BadInput, match="over"):
        read_wanted(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            ["kind: local", "kind: command", "command: true", "env:", "  A: b", "steps: 3", "- x", "retries: -"]
        )
        | st.text(max_size=20),
        max_size=6,
    )
)
def test_any_file_is_a_generator_or_an_error_for_people(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "any.yaml"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    try:
        found = read_wanted(path)
    except NbalignError as error:
        assert error.message
    else:
        assert found.kind in ("local", "command")


def test_the_command_line_goes_before_the_file_and_must_fit_the_kind(tmp_path: Path) -> None:
    path = tmp_path / "g.yaml"
    path.write_text("kind: command\ncommand: 'true'\nretries: 3\nenv: {A: a, B: b}\n")
    found = read_wanted(path).with_values({"retries": 0, "environment": {"B": "c"}})
    assert found.values == {"retries": 0, "environment": {"A": "a", "B": "c"}}
    with pytest.raises(UsageError, match="temperature belongs to the generator local"):
        found.with_values({"temperature": 0.1})
    with pytest.raises(UsageError, match="retries belongs to the generator command"):
        wanted("local", HERE).with_values({"retries": 1})


def test_a_command_is_checked_when_the_generator_is_made() -> None:
    with pytest.raises(UsageError, match="no program"):
        make_generator(wanted("command:no-such-program-here", HERE))


def test_every_key_of_a_file_is_documented() -> None:
    page = (ROOT / "docs" / "generators.md").read_text(encoding="utf-8")
    names = {*LocalOptions.__dataclass_fields__, "kind", "command", "env", "timeout", "retries", "name"}
    assert not [name for name in names if f"`{name}`" not in page]
