"""Writes the table of kinds of facts into docs/evidence.md from the kinds themselves, so that it cannot be wrong.

python scripts/evidence_kinds.py           write it
python scripts/evidence_kinds.py --check   exit 1 when it is not what would be written
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "evidence.md"
HEAD = "## Every kind of fact"
NOTE = "Written by `make docs` from the kinds themselves; do not edit from here on."


def tables() -> str:
    """A table of kinds for each dimension, as Markdown."""
    from nbalign.evidence.facts import MODULES
    from nbalign.evidence.model import SIGNS

    parts = []
    for module in MODULES:
        rows = [
            f"| {SIGNS[kind.polarity]} | {f'{kind.points:+g}' if kind.points else ''} | `{kind.name}` "
            f"| {_cell(kind.meaning)} |"
            for kind in module.KINDS
        ]
        head = ["| | points | kind | stated when |", "|---|---:|---|---|"] if rows else ["None yet."]
        parts.append("\n".join([f"### {module.DIMENSION}", "", *head, *rows]))
    return "\n\n".join(parts) + "\n"


def page(text: str) -> str:
    """The page with its tables written anew; what stands before them stays."""
    return f"{text.partition(HEAD)[0]}{HEAD}\n\n{NOTE}\n\n{tables()}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def main(args: list[str]) -> int:
    """Writes the tables, or compares them.

    Args:
        args: Nothing, or `--check`.

    Returns:
        The exit code.
    """
    text = TARGET.read_text(encoding="utf-8")
    wanted = page(text)
    if args == ["--check"]:
        if text == wanted:
            return 0
        print(
            "docs/evidence.md does not list the kinds that there are; write it again with: make docs", file=sys.stderr
        )
        return 1
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
