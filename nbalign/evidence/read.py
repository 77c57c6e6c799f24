"""From a notebook to its evidence."""

from __future__ import annotations

from nbalign.evidence.code import read_code
from nbalign.evidence.facts import MODULES
from nbalign.evidence.flow import read_flow
from nbalign.evidence.model import Evidence, Fact
from nbalign.evidence.source import Source
from nbalign.notebooks.model import Notebook


def read_evidence(notebook: Notebook, *, strict: bool = False) -> Evidence:
    """Reads all facts off a notebook; nothing is run.

    Args:
        notebook: Any notebook, however broken.
        strict: For tests: lets an error of our own out, instead of going on without the facts it cost.
    """
    code = read_code(notebook)
    trace = read_flow(code, strict=strict)
    source = Source(notebook, code, trace)
    found: list[Fact] = []
    unread = list(code.unread)
    for module in MODULES:
        try:
            facts = module.facts(source)
        except Exception:
            # A fault of ours in one dimension must not take the other eight, or the judge, with it.
            if strict:
                raise
            unread.append((0, f"the facts of {module.DIMENSION} could not be read"))
            continue
        found += sorted(facts, key=lambda f: (-f.strength, f.cells, f.text))
    if not trace.complete:
        unread.append((0, "the notebook is too long to follow its data to the end"))
    return Evidence(notebook.sha256, tuple(found), tuple(unread))
