"""Jobs as an application sees them: in order, stopped, broken, and never left behind."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from nbalign.jobs.model import JobSpec
from nbalign.jobs.process import Runner
from nbalign.workspace import Workspace
from tests.jobs.conftest import Board, experiment

Speaking = Callable[[str], Board]


Children = Callable[[], list[psutil.Process]]


@pytest.fixture
def children() -> Children:
    """The processes that a test has started and that still live; other tests in this process may keep some of theirs."""
    before = {child.pid for child in psutil.Process().children()}

    def found() -> list[psutil.Process]:
        own = [child for child in psutil.Process().children() if child.pid not in before]
        return [child for child in own if child.status() != psutil.STATUS_ZOMBIE]

    return found


def test_an_experiment_runs_beside_and_its_result_is_in_the_workspace(
    board: Board, study: Path, children: Children
) -> None:
    number = board.jobs.start(experiment(study))
    state = board.ended(number)
    assert (state.phase, state.error) == ("done", "")
    assert [seen.phase for seen in board.seen][:2] == ["waiting", "running"]
    with Workspace.open(study) as workspace:
        result = workspace.experiments().get(str(state.result["experiment"]))
    assert result.arms == ("constant", "counts") and set(result.options["dimensions"].split()) == {"model_use"}
    assert str(result.id) in state.summary and "2 arms on 4 notebooks" in state.summary
    steps = [seen.progress for seen in board.seen if seen.progress is not None]
    assert steps and steps[-1].done == steps[-1].total > 0
    assert board.jobs.states() == (state,)
    assert not children()


def test_one_job_runs_at_a_time_and_the_others_wait_in_order(board: Board, study: Path) -> None:
    numbers = [board.jobs.start(experiment(study, seed=seed)) for seed in (1, 2, 3)]
    board.ended(numbers[-1])
    began = [state.id for state in board.seen if state.phase == "running" and state.progress is None]
    ended = [state.id for state in board.seen if state.ended]
    assert began == ended == numbers == [1, 2, 3]
    order = [(state.id, state.phase) for state in board.seen if state.ended or state.progress is None]
    assert order.index((1, "done")) < order.index((2, "running")) < order.index((2, "done"))


def test_a_job_that_waits_is_stopped_before_it_begins(speaking: Speaking, study: Path) -> None:
    board = speaking("say(end='done', summary='x') if 'stop' in sys.stdin.readline() else None")
    first, second, third = (board.jobs.start(JobSpec("judge", study, {"n": n})) for n in range(3))
    board.jobs.stop(second)
    assert board.ended(second).phase == "stopped"
    board.jobs.stop(first)
    board.ended(first)
    board.until(lambda state: state.id == third and state.phase == "running")
    board.jobs.stop(third)
    board.ended(third)
    assert not [state for state in board.seen if state.id == second and state.phase == "running"]


def test_a_stop_reaches_the_work_and_what_was_finished_is_kept(board: Board, study: Path) -> None:
    number = board.jobs.start(experiment(study))
    board.until(lambda state: state.phase == "running")
    board.jobs.stop(number)  # told right behind the spec: the work stops at its first step
    assert board.until(lambda state: True).phase in ("stopping", "stopped")
    state = board.ended(number)
    assert state.phase == "stopped" and "kept" in state.summary and state.error == ""
    with Workspace.open(study) as workspace:
        assert workspace.experiments().list() == []
        assert len(workspace.labels()) == 4
    again = board.jobs.start(experiment(study))
    assert board.ended(again).phase == "done"


def test_what_cannot_be_is_told_in_words_with_a_hint(board: Board, study: Path) -> None:
    for arguments, word in (
        ({"arms": ["nonsense"]}, "nonsense"),
        ({"colour": "red"}, "colour"),
        ({"folds": 1}, "folds"),
    ):
        state = board.ended(board.jobs.start(experiment(study, **arguments)))
        assert state.phase == "failed" and word in state.error and state.hint
        assert "Traceback" not in state.error + state.hint
    state = board.ended(board.jobs.start(experiment(study / "nowhere")))
    assert state.phase == "failed" and "no workspace" in state.error and "nbalign init" in state.hint
    state = board.ended(board.jobs.start(JobSpec("align", study, {"model": Path("x")})))
    assert state.phase == "failed" and "JSON" in state.error


def test_a_runner_that_is_killed_becomes_a_failure_and_the_next_job_runs(
    board: Board, study: Path, children: Children
) -> None:
    number = board.jobs.start(experiment(study))
    # The experiment cannot be kept while another writes: the process is alive until it is killed.
    with closing(sqlite3.connect(study / "nbalign.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        board.until(lambda state: state.progress is not None)
        (runner,) = children()
        runner.kill()
        state = board.ended(number)
    assert state.phase == "failed" and "SIGKILL" in state.error and "kept" in state.hint
    assert not children()
    assert board.ended(board.jobs.start(experiment(study))).phase == "done"


def test_the_last_words_of_a_process_that_dies_are_told(speaking: Speaking, study: Path) -> None:
    board = speaking("say(progress={'stage': 'a', 'done': 1, 'total': 2, 'unit': 'tokens'}); sys.exit('out of luck')")
    state = board.ended(board.jobs.start(JobSpec("judge", study)))
    assert state.phase == "failed" and "exit code 1" in state.error and state.error.endswith("out of luck")
    assert state.progress is not None and state.progress.done == 1


def test_nonsense_from_a_process_ends_it(speaking: Speaking, study: Path, children: Children) -> None:
    board = speaking("print('hello', flush=True); sys.stdin.read()")
    state = board.ended(board.jobs.start(JobSpec("judge", study)))
    assert state.phase == "failed" and not children()


def test_a_fault_in_following_a_job_ends_it_and_not_those_after_it(
    board: Board, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Runner, "run", lambda *_: [].pop())
    first, second = board.jobs.start(JobSpec("judge", study)), board.jobs.start(JobSpec("judge", study))
    for number in (first, second):
        end = board.ended(number)
        assert (end.phase, end.error) == ("failed", "the work could not be followed: IndexError: pop from empty list")


def test_a_spec_that_is_longer_than_a_pipe_arrives_whole(speaking: Speaking, study: Path) -> None:
    board = speaking("say(end='done', summary=str(len(json.loads(spec)['arguments']['notebooks'])))")
    state = board.ended(board.jobs.start(JobSpec("judge", study, {"notebooks": ["f" * 64] * 5000})))
    assert state.summary == "5000"


def test_closing_stops_all_and_kills_what_does_not_heed(speaking: Speaking, study: Path, children: Children) -> None:
    board = speaking("say(progress={'stage': 's', 'done': 0, 'total': 0, 'unit': 'x'}); time.sleep(1000)")
    board.jobs.start(JobSpec("judge", study))
    board.jobs.start(JobSpec("judge", study))
    board.until(lambda state: state.progress is not None)
    board.jobs.close(0.1)
    assert [state.phase for state in board.jobs.states()] == ["stopped", "stopped"]
    assert not children()
    number = board.jobs.start(JobSpec("judge", study))
    assert board.jobs.states()[number - 1].phase == "stopped"
    board.jobs.close()


def open_files() -> set[tuple[str, str]]:
    """Numbers of this process's open files with what they lead to."""
    found = set()
    for path in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that lists them is closed by now
            found.add((path.name, os.readlink(path)))  # noqa: PTH115 - some lead to no path
    return found


def test_no_file_stays_open_behind_jobs(speaking: Speaking, study: Path) -> None:
    board = speaking("say(end='done')")
    board.ended(board.jobs.start(JobSpec("judge", study)))
    before = open_files()
    for _ in range(5):
        board.ended(board.jobs.start(JobSpec("judge", study)))
    assert open_files() <= before  # what others left open may be closed meanwhile


def test_a_listener_that_fails_harms_no_job(speaking: Speaking, study: Path) -> None:
    board = speaking("say(end='done')")

    def gone(_: object) -> None:
        raise RuntimeError("closed")

    board.jobs._on_change = gone
    number = board.jobs.start(JobSpec("judge", study))
    thread = board.jobs._thread
    if thread is not None:
        thread.join(60)
    assert board.jobs.states()[number - 1].phase == "done"
