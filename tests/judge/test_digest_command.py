from __future__ import annotations

import json
from types import TracebackType

from click.testing import CliRunner, Result

from nbalign.cli.digest import digest as command
from nbalign.judge.digest import Digest, digest
from nbalign.progress import OnProgress, silent
from tests.judge.digesting import code, count, markdown, notebook, stdout


class Room:
    """A workspace that holds one notebook and counts tokens without a model."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, str | None]] = []

    def open(self) -> Room:
        return self

    def __enter__(self) -> Room:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        return None

    def digest(self, name: str, budget: int = 2000, model: str | None = None, progress: OnProgress = silent) -> Digest:
        self.asked.append((name, budget, model))
        lines = "\n".join(f"value_{at} = other + {at}" for at in range(30))
        source = notebook(markdown("# [bold]Title[/bold]"), *(code(lines, stdout("a\n" * 9)) for _ in range(4)))
        return digest(source, count, budget)


def run(*args: str) -> tuple[Result, Room]:
    room = Room()
    return CliRunner().invoke(command, [*args], obj=room, catch_exceptions=False), room


def test_the_digest_goes_to_stdout_and_the_account_to_stderr() -> None:
    ran, room = run("made.ipynb", "--budget", "200", "--model", "small")
    assert ran.exit_code == 0
    assert room.asked == [("made.ipynb", 200, "small")]
    assert ran.stdout.startswith("[1] markdown\n# [bold]Title[/bold]\n[2] code\n")
    assert "tokens" not in ran.stdout
    assert "of 200 tokens; the whole notebook is about" in ran.stderr
    assert "% kept" in ran.stderr
    assert "code lines" in ran.stderr
    assert "2-5" in ran.stderr


def test_json_is_the_whole_digest_and_nothing_else() -> None:
    ran, _ = run("made.ipynb", "--budget", "200", "--json")
    told = json.loads(ran.stdout)
    assert told["tokens"] <= 200 == told["budget"]
    assert told["text"].startswith("[1] markdown")
    assert {"cells", "what", "tokens"} == set(told["omissions"][0])
    assert ran.stderr == ""


def test_a_whole_digest_says_that_nothing_was_left_out() -> None:
    ran, _ = run("made.ipynb", "--budget", "100000")
    assert "tokens; the whole notebook" in ran.stderr


def test_a_budget_below_the_least_is_refused() -> None:
    ran, room = run("made.ipynb", "--budget", "10")
    assert ran.exit_code == 2
    assert "64" in ran.stderr
    assert room.asked == []
