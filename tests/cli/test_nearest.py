"""A command that there is not is answered with those that were most likely meant."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.__main__ import main
from nbalign.cli.main import COMMANDS
from nbalign.cli.nearest import nearest


@pytest.mark.parametrize(
    ("args", "meant"),
    [
        ("labl", "'label'"),
        ("list", "'notebooks'"),
        ("label list", "'show'"),
        ("label remove", "'clear'"),
        ("memory lst", "'list'"),
        ("memory version", "'versions'"),
        ("memory neighbors", "'neighbours'"),
        ("rubric shw", "'show'"),
        ("models ls", "'list'"),
        ("audit picks", "'pick'"),
    ],
)
def test_the_nearest_commands_are_named(args: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(args.split()) == 2
    err = capsys.readouterr().err
    *group, name = args.split()
    assert f"Usage: {' '.join(['nbalign', *group])} " in err
    assert f"No such command '{name}'. Did you mean" in err
    assert meant in err


def test_where_nothing_is_near_all_commands_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", "xyzzy"]) == 2
    err = capsys.readouterr().err
    assert "No such command 'xyzzy'. There are: " in err
    assert all(name in err for name in ("set", "clear", "show", "import"))


def test_what_was_typed_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    for args in (["\x1b[2J"], ["label", "\x1b]0;x\x07" * 1000], ["memory", "\udcff"]):
        assert main(args) == 2
        err = capsys.readouterr().err
        assert not set(err) & {"\x1b", "\x07"}
        assert len(err) < 600


def test_options_and_help_of_a_group_are_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", "--help"]) == 0
    assert "Set, show, undo" in capsys.readouterr().out
    assert main(["label", "--nothing"]) == 2
    assert "No such option" in capsys.readouterr().err
    assert main(["label", "set"]) == 2
    assert "Missing argument" in capsys.readouterr().err


def test_a_mistyped_command_imports_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, _, _ in COMMANDS.values():
        monkeypatch.delitem(sys.modules, module, raising=False)
    assert main(["labl"]) == 2
    assert not {module for module, _, _ in COMMANDS.values()} & set(sys.modules)


@given(st.text(max_size=300), st.lists(st.text("abcdefg", min_size=1), max_size=20, unique=True))
def test_only_known_commands_are_suggested_each_once(name: str, known: list[str]) -> None:
    found = nearest(name, known)
    assert len(found) <= 3
    assert len(set(found)) == len(found)
    assert set(found) <= set(known)
