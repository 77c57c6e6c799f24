"""`python -m benchmarks.raters WORKSPACE`: cross-validates on the labels of two invented raters."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import sqlite_utils

from nbalign import Workspace
from nbalign.cli.evaluate_table import text
from nbalign.evaluate.experiment.options import ExperimentOptions
from nbalign.judge.session import JudgeOptions

_HERE = Path(__file__).parent
RATERS = ("vera", "otto")
ARMS = ("constant", "counts", "evidence", "bare", "base", "calibrated")  # what needs no answer that is not kept


def run(folder: Path, rater: str, model: str | None, arms: tuple[str, ...]) -> None:
    """Prints one rater's table.

    Args:
        folder: A workspace with the sample notebooks and judgements of them.
        rater: Name of the rater.
        model: A model's name; None takes the best that this machine holds.
        arms: Arms to compare.
    """
    file = _HERE / f"{rater}.jsonl"
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "ws"
        copy.mkdir()
        with Workspace.open(folder) as original:
            cache = original.cache.resolve()
        for part in ("nbalign.db", "nbalign.db-wal"):
            if (folder / part).exists():
                shutil.copy(folder / part, copy)
        (copy / "cache").symlink_to(cache)
        db = sqlite_utils.Database(copy / "nbalign.db")
        for table in ("current_labels", "label_events", "experiments"):
            db.conn.execute(f"DELETE FROM {table}")
        db.conn.commit()
        db.close()
        with Workspace.open(copy) as ws:
            ws.import_labels(file)
            asked = {label.dimension for label in ws.labels()}
            dimensions = tuple(d.id for d in ws.rubric().dimensions if d.id in asked)
            options = ExperimentOptions(arms=arms, dimensions=dimensions, judge=JudgeOptions(model=model))
            print(f"== {rater}\n{text(ws.evaluate(options), 120)}\n", flush=True)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.raters", description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--arms", default=",".join(ARMS), help="default: those that ask the model nothing new")
    arguments = parser.parse_args()
    for rater in RATERS:
        run(arguments.workspace, rater, arguments.model, tuple(arguments.arms.split(",")))


if __name__ == "__main__":
    main()
