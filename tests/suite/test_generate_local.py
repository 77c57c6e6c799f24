"""The local generator: how plan, cells, outputs and errors become a notebook, and once with a real small model."""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import nbformat
import pytest

from nbalign.errors import Cancelled, GeneratorError, UsageError
from nbalign.execute.model import CellRun, Kernel
from nbalign.llm.library import ModelFile, ModelLibrary
from nbalign.notebooks import read
from nbalign.progress import Progress, silent
from nbalign.suite.generate.local.generator import LocalGenerator
from nbalign.suite.generate.local.options import LocalOptions
from nbalign.suite.generate.model import Request, Written
from nbalign.suite.model import Case, DataFile
from tests.suite.scripted_writer import PretendExecutor, ScriptedEngine, error

PLAN = " Load the data\n2. Train a model\n3. Report the error"
LOAD = "import pandas as pd\ndf = pd.read_csv('plants.csv')"
TRAIN = "# Train it\nmodel = fit(df)"
REPORT = "print(model.error)"
GOOD = [PLAN, " load it.", LOAD, " train it.", TRAIN, " report it.", REPORT, "The error is small."]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    path = tmp_path / "plants.csv"
    path.write_text("height,kind\n1.5,fern\n,moss\n")
    raw = path.read_bytes()
    data = (DataFile("plants.csv", path, len(raw), hashlib.sha256(raw).hexdigest()),)
    return Case("plants", "Predict kind from\nplants.csv.", data, "classification", "small", (), frozenset())


def generator(engine: ScriptedEngine, **options: Any) -> LocalGenerator:
    model = ModelFile.__new__(ModelFile)
    for name, value in {"name": "scripted", "path": Path("none.gguf"), "sha256": "0" * 64}.items():
        object.__setattr__(model, name, value)
    return LocalGenerator(model, LocalOptions(**{"steps": 3, **options}), engine)


def wrote(engine: ScriptedEngine, case: Case, executor: PretendExecutor | None = None, **options: Any) -> Written:
    return generator(engine, **options).write(Request(case, 1, 7), executor, silent)


def cells(written: Written) -> list[tuple[str, str]]:
    return [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(written.raw)["cells"]]


def test_a_notebook_has_the_prompt_headings_code_and_a_conclusion(case: Case) -> None:
    written = wrote(ScriptedEngine(GOOD), case, PretendExecutor())
    assert cells(written) == [
        ("markdown", "> Predict kind from\n> plants.csv."),
        ("markdown", "## 1. Load the data\n\nFirst, we load it."),
        ("code", LOAD),
        ("markdown", "## 2. Train a model\n\nNext, we train it."),
        ("code", TRAIN),
        ("markdown", "## 3. Report the error\n\nFinally, we report it."),
        ("code", REPORT),
        ("markdown", "## Conclusion\n\nThe error is small."),
    ]
    book = nbformat.reads(written.raw.decode(), as_version=4)
    nbformat.validate(book)
    assert book.metadata.kernelspec.name == "python3"
    assert [cell.execution_count for cell in book.cells if cell.cell_type == "code"] == [1, 2, 3]
    assert written.failed_cells == 0
    assert written.notes == ()
    notebook = read(written.raw, "plants.ipynb")
    assert notebook.prompt == case.prompt
    assert notebook.warnings == ()
    assert notebook.cell(3).outputs[0].text.strip() == "done"


def test_what_made_it_is_in_its_metadata_without_times(case: Case) -> None:
    first = wrote(ScriptedEngine(GOOD), case)
    again = wrote(ScriptedEngine(GOOD), case)
    assert first.raw == again.raw
    made_by = json.loads(first.raw)["metadata"]["nbalign"]["made_by"]
    assert made_by == dict(first.made_by)
    assert {"model_sha256", "temperature", "instructions", "words"} <= set(made_by)
    assert (made_by["case"], made_by["repeat"], made_by["seed"]) == ("plants", "1", "7")


def test_the_model_reads_task_data_outputs_and_only_our_words_are_trusted(case: Case) -> None:
    engine = ScriptedEngine(GOOD)
    wrote(engine, case, PretendExecutor(), instructions="Do not split the data.")
    first = engine.prompts[0]
    for words in (
        "Predict kind from\nplants.csv.",
        "height",
        "fern",
        "Do not split the data.",
        "at most 3 short lines",
    ):
        assert words in first
    assert "Output:\ndone" in engine.prompts[3]
    for prompt, following in zip(engine.prompts[3:], engine.prompts[4:], strict=False):
        assert following.startswith(prompt)  # the prompt only grows: the cache holds all of it
    assert [anew for _, anew in engine.asked] == [True] + [False] * 7
    assert len({how.seed for how, _ in engine.asked}) == 8
    trusted = {segment.text for segments in engine.segments for segment in segments if segment.trusted}
    assert trusted == {"<head>", "<middle>", "<tail>"}


def test_data_cannot_close_its_fence_and_outputs_are_short(case: Case, tmp_path: Path) -> None:
    engine = ScriptedEngine(GOOD)
    noisy = CellRun("ok", ({"output_type": "stream", "name": "stdout", "text": "\x1b[2Jrow\n" * 9000},), "", 0.1)
    wrote(engine, case, PretendExecutor({"read_csv": noisy}))
    mark = engine.prompts[0].split("\n<data-")[1].split(">")[0]
    assert engine.prompts[0].count(f"</data-{mark}>") == 2  # said once, used once
    shown = engine.prompts[3].split("Output:\n")[1]
    assert len(shown) < 500
    assert "\x1b" not in shown


def test_an_error_is_shown_and_mended_and_the_notebook_is_run_again(case: Case) -> None:
    mend = [" fit is not known.", "from tools import fit\nmodel = fit(df)"]
    engine = ScriptedEngine([*GOOD[:5], *mend, *GOOD[5:]])
    executor = PretendExecutor({TRAIN: error("NameError", line=2, source="model = fit(df)")})
    written = wrote(engine, case, executor)
    mended = "# Train it\nfrom tools import fit\nmodel = fit(df)"  # it goes on from the cell's first line
    assert ("code", mended) in cells(written)
    assert ("code", TRAIN) not in cells(written)
    assert "Error:\nNameError: no\nin line 2: model = fit(df)\n\nThe cell failed because" in engine.prompts[5]
    assert engine.prompts[6].endswith("corrected:\n\n```python\n# Train it\n")
    assert executor.kernels == [[LOAD, TRAIN, mended, REPORT], [LOAD, mended, REPORT]]
    assert written.failed_cells == 0
    assert engine.asked[6][0].temperature > engine.asked[0][0].temperature


def test_attempts_are_bounded_and_the_last_one_stays_with_its_error(case: Case) -> None:
    answers = [*GOOD[:5], " a.", "model = one()", " b.", "model = two()", *GOOD[5:]]
    executor = PretendExecutor({"model =": error("NameError")})
    written = wrote(ScriptedEngine(answers), case, executor, mends=2)
    assert ("code", "# Train it\nmodel = two()") in cells(written)
    assert written.failed_cells == 1
    assert "Cell 2 still fails (attempts: 3)." in written.notes
    raised = [cell for cell in read(written.raw, "a.ipynb").cells for out in cell.outputs if out.kind == "error"]
    assert len(raised) == 1
    never = wrote(ScriptedEngine(GOOD), case, PretendExecutor({"model =": error("NameError")}), mends_in_all=0)
    assert never.failed_cells == 1
    assert ("code", TRAIN) in cells(never)


def test_a_mend_that_changes_nothing_is_not_run(case: Case) -> None:
    answers = [*GOOD[:5], " a.", "model = fit(df)", " b.", "model = fit(df)", *GOOD[5:]]
    executor = PretendExecutor({"fit": error("NameError")})
    wrote(ScriptedEngine(answers), case, executor)
    assert executor.kernels == [[LOAD, TRAIN, REPORT]]


def test_a_cell_that_only_runs_after_a_failed_attempt_is_shown_failing(case: Case) -> None:
    class Fresh(PretendExecutor):
        """In its second kernel, what the failed attempt had defined is not known."""

        def kernel(self, case: Case) -> AbstractContextManager[Kernel]:
            self.runs = {"print": error("NameError")} if self.kernels else {TRAIN: error("NameError")}
            return super().kernel(case)

    written = wrote(ScriptedEngine([*GOOD[:5], " a.", "model = other(df)", *GOOD[5:]]), case, Fresh())
    assert written.failed_cells == 1
    assert "The cell of 'Report the error' fails when the notebook is run from the top." in written.notes


def test_without_a_plan_the_standard_one_is_followed(case: Case) -> None:
    written = wrote(ScriptedEngine(["```python\nx", " do.", "x = 1", " do.", "y = 2", " do.", "z = 3", "Done."]), case)
    titles = [text.split("\n")[0] for kind, text in cells(written) if text.startswith("## ")]
    assert titles[0] == "## 1. Load the data and look at it"
    assert len(titles) == 4
    assert "The model gave no plan; the standard one was followed." in written.notes


def test_steps_without_code_and_repeated_cells_are_left_out(case: Case) -> None:
    answers = [PLAN, " load.", LOAD, " again.", LOAD + "\n\n", " none.", "```", "", "Done."]
    written = wrote(ScriptedEngine(answers), case)
    assert [text for kind, text in cells(written) if kind == "code"] == [LOAD]
    assert len([note for note in written.notes if "left out" in note]) == 2


def test_no_code_at_all_is_no_notebook(case: Case) -> None:
    with pytest.raises(GeneratorError, match="no code"):
        wrote(ScriptedEngine([PLAN, ""]), case)


def test_a_dead_kernel_ends_the_notebook(case: Case) -> None:
    died = CellRun("died", (), "the kernel used over 2 GB", 1.0)
    executor = PretendExecutor({"fit": died})
    written = wrote(ScriptedEngine(GOOD), case, executor)
    assert executor.kernels == [[LOAD, TRAIN]]
    assert written.failed_cells == 1
    assert any("2 GB" in note for note in written.notes)
    assert read(written.raw, "plants.ipynb").cell(5).outputs[0].name == "KernelDied"


def test_spent_tokens_end_the_notebook_with_a_note(case: Case) -> None:
    written = wrote(ScriptedEngine([PLAN, " load.", LOAD, " more.", "y = 1\n" * 3]), case, tokens=64)
    assert cells(written)[2] == ("code", LOAD)
    assert any("tokens for this notebook were spent" in note for note in written.notes)
    assert written.generated <= 64


def test_a_full_context_ends_the_notebook_with_a_note(case: Case) -> None:
    engine = ScriptedEngine([PLAN, " load.", LOAD, " more.", "y = 1"], context=1000)
    room = engine.info.context - engine.length([])
    long = "x = [" + " 1," * (room // 2) + "]"
    engine = ScriptedEngine([PLAN, " load.", long, " more.", long.replace("x", "y"), " and.", long], context=1000)
    written = wrote(engine, case, cell_tokens=600, tokens=5000)
    assert any("context was spent" in note for note in written.notes)


def test_a_task_that_leaves_no_room_names_the_option(case: Case) -> None:
    with pytest.raises(GeneratorError) as caught:
        wrote(ScriptedEngine(GOOD, context=60), case)
    assert "--generator-context" in caught.value.hint


def test_it_stops_between_tokens_and_when_a_cell_was_stopped(case: Case) -> None:
    cancel = threading.Event()

    def stop(step: Progress) -> None:
        if step.detail.startswith("cell 2"):
            cancel.set()

    with pytest.raises(Cancelled):
        generator(ScriptedEngine(GOOD)).write(Request(case, 1, 7), None, stop, cancel)
    with pytest.raises(Cancelled):
        wrote(ScriptedEngine(GOOD), case, PretendExecutor({"fit": CellRun("stopped", (), "stopped", 0.1)}))


@pytest.mark.parametrize(
    "options",
    [
        {"temperature": -0.1},
        {"temperature": float("nan")},
        {"steps": 0},
        {"tokens": 1},
        {"threads": 0},
        {"instructions": "x" * 5000},
    ],
)
def test_impossible_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        LocalOptions(**options)


@pytest.mark.model
def test_a_real_model_writes_the_same_notebook_from_the_same_seed(small_model: Path, case: Case) -> None:
    model = ModelLibrary.default().find(str(small_model))
    options = LocalOptions(steps=1, tokens=104, cell_tokens=32, context=1024, threads=2)
    made = LocalGenerator(model, options)
    try:
        first = made.write(Request(case, 1, 5), None, silent)
        other = made.write(Request(case, 2, 6), None, silent)
        again = made.write(Request(case, 1, 5), None, silent)
    finally:
        made.close()
        made.close()
    assert first.raw == again.raw != other.raw
    assert first.generated <= 104
    assert first.evaluated > again.evaluated > 0  # task and data stay in the cache
    assert read(first.raw, "plants.ipynb").prompt == case.prompt
