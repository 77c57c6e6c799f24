"""How true the facts of evidence are: draws a random sample to check by eye, and counts what was found right.

From the root of the repository:

    python -m benchmarks.facts sample --each 6 --seed 1 > facts.jsonl   # one fact a line; add "right" and "why" by eye
    python -m benchmarks.facts table docs/results/evidence-checked.jsonl

A fact is right when its sentence is true of the notebook and the cells named show it.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path

from nbalign.evidence import Fact, read_evidence
from nbalign.evidence.facts import KINDS
from nbalign.notebooks import read_file

SAMPLES = Path(__file__).parent.parent / "sample_notebooks"


def sample(each: int, seed: int) -> list[dict[str, object]]:
    """At most `each` facts of every kind, drawn at random over all sample notebooks."""
    found: dict[str, list[tuple[str, Fact]]] = defaultdict(list)
    for path in sorted(SAMPLES.rglob("*.ipynb")):
        for fact in read_evidence(read_file(path)[1]).facts:
            found[fact.kind.name].append((path.name, fact))
    chance = random.Random(seed)
    drawn = []
    for kind in KINDS:
        among = found.get(kind.name, [])
        for name, fact in sorted(chance.sample(among, min(each, len(among))), key=lambda pair: pair[0]):
            drawn.append(
                {
                    "dimension": kind.dimension,
                    "kind": kind.name,
                    "of": len(among),
                    "notebook": name,
                    "cells": fact.cells,
                    "text": fact.text,
                }
            )
    return drawn


def table(path: Path) -> list[str]:
    """A table in Markdown: every kind, how often it was stated, how many were checked, how many were right."""
    checked: dict[str, list[dict[str, object]]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        fact = json.loads(line)
        checked[str(fact["kind"])].append(fact)
    lines = ["| dimension | kind | stated | checked | right |", "|---|---|---:|---:|---:|"]
    right = total = 0
    for kind in KINDS:
        facts = checked.get(kind.name, [])
        good = sum(bool(fact["right"]) for fact in facts)
        right, total = right + good, total + len(facts)
        stated = facts[0]["of"] if facts else 0
        lines.append(f"| {kind.dimension} | {kind.name} | {stated} | {len(facts)} | {good if facts else '–'} |")
    lines.append(f"| all | | | {total} | {right} ({right / max(total, 1):.1%}) |")
    return lines


def main() -> None:
    """Draws a sample, or prints the table of a checked one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.facts", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("sample", help="print facts to check, one JSON object a line")
    draw.add_argument("--each", type=int, default=6, help="most facts of a kind (default: 6)")
    draw.add_argument("--seed", type=int, default=1, help="seed of the draw (default: 1)")
    show = commands.add_parser("table", help="print the table of a checked sample")
    show.add_argument("file", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "sample":
        for fact in sample(arguments.each, arguments.seed):
            print(json.dumps(fact, ensure_ascii=False))
    else:
        print("\n".join(table(arguments.file)))


if __name__ == "__main__":
    main()
