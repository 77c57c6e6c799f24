"""Workspaces for the pictures: the sample notebooks and their labels, and what a real model said of them, no model run.

`sample_results.json.gz` holds what `qwen2.5-coder-1.5b` gave on the sample notebooks: its judgements, the experiment of
docs/results/alignment.md in its six arms without a memory, and the guidelines it distilled in most of the folds there.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nbalign.align.guidelines import Guidelines, guideline_id
from nbalign.align.model import Guideline
from nbalign.evaluate.experiment.keeping import Experiments
from nbalign.evaluate.report.plain import from_json
from nbalign.judge.archive import Archive
from nbalign.judge.model import Judgement
from nbalign.resources import data_path
from nbalign.store.database import Store
from nbalign.suite.generate.model import Written
from nbalign.suite.runs.keeping import RunStore
from nbalign.suite.runs.model import CaseBrief, Run
from nbalign.suite.runs.sink import WorkspaceSink
from nbalign.workspace import Workspace

AT = "2026-01-05T09:00:00+00:00"
"""When everything happened."""

SAMPLES, RUNS = "samples", "assistant"
"""Folders of the two workspaces."""

_RESULTS = Path(__file__).parent / "sample_results.json.gz"
_RUBRIC = "ml-notebook"
_OPEN = 4  # decisions of the samples' adjudicator that are taken back, so that there is something to decide


def make_studies(folder: Path) -> None:
    """Makes both workspaces in a folder; the same on every machine and at any time."""
    _make_samples(folder / SAMPLES)
    _make_runs(folder / RUNS)


@cache
def _results() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(_RESULTS.read_bytes()))
    return found


def _make_samples(folder: Path) -> None:
    with Workspace.create(folder, sample=True) as workspace:
        for label in workspace.labels(role="decision")[:_OPEN]:
            workspace.clear_label(label.notebook, label.dimension, rater=label.rater, role="decision")
        names = {name.removesuffix(".ipynb"): sha256 for sha256, name in workspace.names().items()}
        with Store.open(folder / "nbalign.db") as store:
            for name in _results()["judgements"]:
                _judge(workspace, store, name, names[name])
            Experiments(store).save(from_json(_results()["experiment"]))
            _learn(Guidelines(store))
    _set_clock(folder)


def _judge(workspace: Workspace, store: Store, name: str, sha256: str) -> None:
    """Keeps what the model said of a sample notebook."""
    judge, rubric = _results()["judge"], workspace.rubric(_RUBRIC)
    for dimension, said in _results()["judgements"][name].items():
        shares = {int(value): share for value, share in said["probabilities"].items()}
        judgement = Judgement(
            key=f"{judge} {sha256} {dimension}",
            judge=judge,
            notebook=sha256,
            rubric=rubric.id,
            rubric_sha256=rubric.sha256,
            dimension=dimension,
            probabilities=shares,
            expected=sum(value * share for value, share in shares.items() if value) / (1 - shares.get(0, 0.0)),
            score=said["score"],
            mass=said["mass"],
            cut=(),
            tokens=230,
            prefix_tokens=2200,
            seconds=4.0,
            at=AT,
        )
        Archive(store).save(judgement)


def _learn(kept: Guidelines) -> None:
    """Proposes what the model distilled; a rater has decided on some of it."""
    made = [
        Guideline(guideline_id(_RUBRIC, one["dimension"], one["text"]), one["dimension"], one["text"], "proposed", tuple(one["sources"]))
        for one in _results()["guidelines"]
    ]  # fmt: skip
    kept.propose(_RUBRIC, made, {guideline.dimension for guideline in made})
    by_sources = sorted(made, key=lambda guideline: (-len(guideline.sources), guideline.id))
    kept.decide("pin", [by_sources[0].id], "r1")
    kept.decide("accept", [guideline.id for guideline in by_sources[2:20:3]], "r1")
    kept.decide("reject", [guideline.id for guideline in by_sources[3:20:6]], "r1")


def _make_runs(folder: Path) -> None:
    """A run of the first notebook that there is for each task, one of the second and one of the third, judged."""
    samples = data_path("sample_notebooks")
    prompts = {one["id"]: str(one["prompt"]) for one in yaml.safe_load((samples / "cases.yaml").read_text("utf-8"))}
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for path in sorted((samples / "notebooks").glob("*.ipynb")):
        found[path.stem.rpartition("-")[0]].append(path)
    with Workspace.create(folder) as workspace, Store.open(folder / "nbalign.db") as store:
        for n, name in enumerate(("first", "second", "third")):
            files = {case: paths[n] for case, paths in found.items() if len(paths) > max(n, 1)}
            run = _run(workspace, name, {case: prompts[case] for case in files})
            RunStore(store).save(run)
            sink = WorkspaceSink(store, run)
            for case, path in files.items():
                sink.keep(case, 1, Written(path.read_bytes(), {"kind": "command"}, 0, 0, 0.0, _failed(path)))
            for made in RunStore(store).productions(run):
                _judge(workspace, store, files[made.case].stem, made.notebook)
    _set_clock(folder)


def _run(workspace: Workspace, name: str, prompts: dict[str, str]) -> Run:
    rubric, judge = workspace.rubric(_RUBRIC), str(_results()["judge"])
    return Run(
        name=name,
        suite="samples",
        suite_sha256="0" * 64,
        cases=tuple(CaseBrief(case, prompt, "", "", (), frozenset()) for case, prompt in prompts.items()),
        generator="command:samples",
        identity={"kind": "command", "command": f"the {name} sample notebook of each task"},
        repeats=1,
        seed=0,
        rubric=rubric.id,
        rubric_sha256=rubric.sha256,
        model="qwen2.5-coder-1.5b",
        memory="",
        budget=2000,
        evidence=120,
        judge=judge,
        base_judge=judge,
        at=AT.replace("09:", f"{('first', 'second', 'third').index(name) + 10}:"),
    )


def _failed(path: Path) -> int:
    """How many cells of a notebook ended in an error."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return sum(any(out["output_type"] == "error" for out in cell.get("outputs", ())) for cell in cells)


def _set_clock(folder: Path) -> None:
    """Lets everything have happened at one time, but for what was given a time of its own."""
    with sqlite3.connect(folder / "nbalign.db") as db:
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for column in (row[1] for row in db.execute(f"PRAGMA table_info({table})").fetchall()):
                if (column == "at" or column.endswith("_at")) and table not in ("experiments", "runs"):
                    db.execute(f"UPDATE {table} SET {column} = ?", [AT])
    db.close()
