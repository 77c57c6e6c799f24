"""Tokens and seconds of aligning one dimension: anew, after one new label, and with nothing new.

    python -m benchmarks.aligning WORKSPACE [--dimension ID] [--model NAME]

WORKSPACE must have labels and the unaligned judge's opinions (`nbalign judge`): those are needed whether or not anybody
aligns. It is not changed: everything happens in a copy without memories, which shares the parked prefixes.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import sqlite_utils

from nbalign import Workspace
from nbalign.align.aligning import AlignReport
from nbalign.judge.session import JudgeOptions

_LEARNED = ("probes", "distillations", "guideline_events", "memories", "experiments")


def run(folder: Path, dimension: str, model: str | None) -> None:
    """Prints what three alignments cost.

    Args:
        folder: A workspace with labels and judgements.
        dimension: Dimension id.
        model: A model's name; None takes the best that this machine holds.
    """
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "ws"
        copy.mkdir()
        with Workspace.open(folder) as original:
            cache = original.cache
        shutil.copy(folder / "nbalign.db", copy)
        for beside in ("nbalign.db-wal", "nbalign.db-shm"):
            if (folder / beside).exists():
                shutil.copy(folder / beside, copy)
        (copy / "cache").symlink_to(cache.resolve())
        db = sqlite_utils.Database(copy / "nbalign.db")
        for table in _LEARNED:
            db.conn.execute(f"DELETE FROM {table}")
        db.conn.commit()
        db.close()
        with Workspace.open(copy) as ws:
            options = JudgeOptions(model=model)
            first = ws.align(dimensions=[dimension], options=options)
            print(f"{dimension}: {first.lessons} settled scores, {first.news.added} labels")
            _print("anew", first, first)
            label = next(x for x in ws.labels(dimension=dimension) if x.role == "rater")
            other = next(v for v in ws.rubric().scale.levels if v != label.score)
            ws.set_label(label.notebook, dimension, other, rater=label.rater, justification="A plain slip before.")
            _print("one label changed", ws.align(dimensions=[dimension], options=options), first)
            _print("nothing new", ws.align(dimensions=[dimension], options=options), first)


def _print(what: str, report: AlignReport, first: AlignReport) -> None:
    tokens, whole = report.evaluated + report.generated, max(1, first.evaluated + first.generated)
    print(
        f"{what:18} {report.evaluated:7,} tokens evaluated {report.generated:6,} written {report.seconds:7.1f} s"
        f"  {tokens / whole:5.1%} of the tokens of the first"
    )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.aligning", description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--dimension", default="data_imputation")
    parser.add_argument("--model")
    arguments = parser.parse_args()
    run(arguments.workspace, arguments.dimension, arguments.model)


if __name__ == "__main__":
    main()
