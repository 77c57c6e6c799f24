"""A suite through a generator: order, going on, failures, stopping, and the folder that notebooks go to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from nbalign.errors import BadInput, Cancelled, GeneratorError, ModelError, StoreError, UsageError
from nbalign.notebooks import read_file
from nbalign.progress import OnProgress, Progress
from nbalign.suite.generate.folder import RECORD, FolderSink
from nbalign.suite.generate.model import Executor, Request, Written
from nbalign.suite.generate.running import Generated, generate_suite
from nbalign.suite.generate.seeds import seed_of
from tests.suite.made import suite, written

IDENTITY = {"generator": "command", "command": "tiny"}


class Scripted:
    """Writes a notebook for each request, or does what a test says."""

    name = "command:tiny"
    identity: Mapping[str, str] = IDENTITY

    def __init__(self, does: Callable[[Request], Written | None] = lambda _: None) -> None:
        self.requests: list[Request] = []
        self._does = does

    def write(
        self,
        request: Request,
        executor: Executor | None,
        progress: OnProgress,
        cancel: threading.Event | None = None,
    ) -> Written:
        self.requests.append(request)
        progress(Progress("writing x", 40, 100, "tokens", detail="cell 2 of 6"))
        return self._does(request) or written(f"{request.case.id} {request.repeat}")

    def close(self) -> None:
        raise AssertionError("the caller closes it")

    @property
    def order(self) -> list[tuple[str, int]]:
        return [(request.case.id, request.repeat) for request in self.requests]


def go(folder: Path, generator: Scripted, *names: str, repeats: int = 1, **more: object) -> Generated:
    cases = suite(*(names or ("one", "two")))
    sink = FolderSink.of_suite(folder, cases, IDENTITY)
    return generate_suite(cases, generator, repeats, 3, sink, **more)  # type: ignore[arg-type]


def test_cases_come_in_order_each_with_its_repeats_and_seeds(tmp_path: Path) -> None:
    generator = Scripted()
    found = go(tmp_path / "out", generator, repeats=2)
    assert generator.order == [("one", 1), ("one", 2), ("two", 1), ("two", 2)]
    assert (found.written, found.known, found.failures, found.stopped) == (4, 0, (), False)
    assert (found.evaluated, found.generated) == (400, 80)
    seeds = [request.seed for request in generator.requests]
    assert len(set(seeds)) == 4
    assert seeds == [seed_of(3, case, repeat) for case, repeat in generator.order]
    assert all(0 <= seed < 2**31 for seed in seeds)
    names = sorted(path.name for path in (tmp_path / "out").glob("*.ipynb"))
    assert names == ["one-2.ipynb", "one.ipynb", "two-2.ipynb", "two.ipynb"]
    assert read_file(tmp_path / "out" / "one-2.ipynb")[1].prompt == "Do one."


def test_what_is_there_is_not_written_again_and_what_was_deleted_is(tmp_path: Path) -> None:
    go(tmp_path, Scripted())
    (tmp_path / "two.ipynb").unlink()
    generator = Scripted()
    found = go(tmp_path, generator, "one", "two", "three")
    assert generator.order == [("two", 1), ("three", 1)]
    assert (found.written, found.known) == (2, 1)
    generator = Scripted()
    assert go(tmp_path, generator, "one", "two", "three", repeats=2).written == 3


@pytest.mark.parametrize("error", [GeneratorError("no luck", "Try again."), BadInput("no notebook")])
def test_one_that_cannot_be_made_is_noted_and_the_rest_goes_on(tmp_path: Path, error: Exception) -> None:
    def does(request: Request) -> None:
        if request.case.id == "one":
            raise error

    found = go(tmp_path, Scripted(does))
    assert found.written == 1
    (failure,) = found.failures
    assert (failure.case, failure.repeat) == ("one", 1)
    assert failure.why == " ".join(str(error).split())
    lines = [json.loads(line) for line in (tmp_path / RECORD).read_text().splitlines()]
    assert lines[1] == {"case": "one", "repeat": 1, "problem": failure.why}
    again = Scripted()
    assert go(tmp_path, again).written == 1
    assert again.order == [("one", 1)]


def test_what_is_no_notebook_is_a_failure(tmp_path: Path) -> None:
    found = go(tmp_path, Scripted(lambda _: written("x", raw=b"nonsense")))
    assert len(found.failures) == 2
    assert list(tmp_path.glob("*.ipynb")) == []


def test_a_dead_model_ends_it_and_keeps_what_was_written(tmp_path: Path) -> None:
    def does(request: Request) -> None:
        if request.case.id == "two":
            raise ModelError("the engine's process ended")

    with pytest.raises(ModelError):
        go(tmp_path, Scripted(does), "one", "two", "three")
    assert [path.name for path in tmp_path.glob("*.ipynb")] == ["one.ipynb"]


@pytest.mark.parametrize("error", [Cancelled("stopped"), KeyboardInterrupt()])
def test_stopping_keeps_what_was_written(tmp_path: Path, error: BaseException) -> None:
    def does(request: Request) -> None:
        if request.case.id == "two":
            raise error

    found = go(tmp_path, Scripted(does), "one", "two", "three")
    assert (found.stopped, found.written) == (True, 1)
    cancel = threading.Event()
    cancel.set()
    generator = Scripted()
    assert go(tmp_path, generator, cancel=cancel).stopped
    assert generator.requests == []


def test_progress_counts_notebooks_and_says_what_is_written(tmp_path: Path) -> None:
    go(tmp_path, Scripted(), "one")
    told: list[Progress] = []
    go(tmp_path, Scripted(), "one", "two", "three", progress=told.append)
    assert {step.unit for step in told} == {"notebooks"}
    assert [step.done for step in told] == sorted(step.done for step in told)
    assert told[-1].done == told[-1].total == 3
    assert all(step.skipped == 1 for step in told)
    assert any(step.stage == "writing two" and step.detail == "cell 2 of 6 · 40 tokens" for step in told)


def test_failed_cells_are_counted(tmp_path: Path) -> None:
    found = go(tmp_path, Scripted(lambda request: written(request.case.id, failed_cells=2)), "one", "two")
    assert (found.with_failed_cells, found.failed_cells) == (2, 4)


def test_a_folder_of_another_suite_or_generator_is_refused_unless_forced(tmp_path: Path) -> None:
    go(tmp_path, Scripted())
    with pytest.raises(UsageError, match="command was 'tiny' and is 'other'") as caught:
        FolderSink.of_suite(tmp_path, suite("one", "two"), {**IDENTITY, "command": "other"})
    assert "--force" in caught.value.hint
    forced = FolderSink.of_suite(tmp_path, suite("one", "two"), {**IDENTITY, "command": "other"}, force=True)
    assert not forced.has("one", 1)
    forced.keep("one", 1, written("new"))
    assert FolderSink.of_suite(tmp_path, suite("one", "two"), {**IDENTITY, "command": "other"}).has("one", 1)
    assert not FolderSink.of_suite(tmp_path, suite("one", "two"), {**IDENTITY, "command": "other"}).has("two", 1)


def test_a_folder_of_the_users_own_notebooks_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "one.ipynb").write_text("mine")
    with pytest.raises(UsageError):
        FolderSink.of_suite(tmp_path, suite("one"), IDENTITY)
    assert (tmp_path / "one.ipynb").read_text() == "mine"


def test_a_torn_record_costs_its_line_alone(tmp_path: Path) -> None:
    go(tmp_path, Scripted())
    with (tmp_path / RECORD).open("a") as file:
        file.write('[1]\n"x"\n{"case": "one", "rep')
    sink = FolderSink.of_suite(tmp_path, suite("one", "two"), IDENTITY)
    assert sink.has("one", 1)
    assert sink.has("two", 1)


def test_a_repeat_and_a_case_of_one_name_do_not_meet(tmp_path: Path) -> None:
    sink = FolderSink.of_suite(tmp_path, suite("one", "one-2"), IDENTITY)
    assert sink.file("one", 2) != sink.file("one-2", 1)
    assert len({sink.file(case, repeat) for case in ("one", "one-2") for repeat in (1, 2, 3)}) == 6


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        FolderSink.of_suite(tmp_path / "file", suite("one"), IDENTITY)
    sink = FolderSink.of_suite(tmp_path / "out", suite("one"), IDENTITY)
    (tmp_path / "out" / "one.ipynb").mkdir()
    (tmp_path / "out" / "one.ipynb" / "x").write_text("")
    with pytest.raises(StoreError):
        sink.keep("one", 1, written("one"))
    assert not list((tmp_path / "out").glob(".*"))  # nothing half-written is left


def test_a_seed_depends_on_nothing_but_its_notebook() -> None:
    assert seed_of(1, "one", 1) == seed_of(1, "one", 1)
    assert len({seed_of(seed, case, repeat) for seed in range(5) for case in "ab" for repeat in (1, 2)}) == 20
