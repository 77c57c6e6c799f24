"""From a notebook and what is known of it to the view that calibration looks at."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from nbalign.align.calibrate.counts import counts
from nbalign.align.calibrate.model import FloatArray, View
from nbalign.align.calibrate.stems import stems
from nbalign.evidence.model import Evidence
from nbalign.evidence.rules import rule_score
from nbalign.notebooks.model import Notebook


def view(
    notebook: Notebook,
    dimension_id: str,
    evidence: Evidence | None,
    judged: Mapping[int, float] | None = None,
    checks: Mapping[str, float] | None = None,
    vector: FloatArray | None = None,
) -> View:
    """What calibration may see of one notebook in one dimension; no label is in it.

    The counts and stems of a notebook are worked out once and shared between dimensions.

    Args:
        notebook: The notebook.
        dimension_id: The dimension.
        evidence: The notebook's evidence; None where it was not read or is not to be used.
        judged: The judge's distribution, value of the scale -> probability.
        checks: Check id -> probability of yes, 0..1.
        vector: What the relevant cells mean, shape (n,).
    """
    seen = _look(notebook)
    facts: dict[str, float] = {}
    own = () if evidence is None else evidence.of(dimension_id)
    for fact in own:
        # A fact worth no points still tells the one from the other: what raters make of it is theirs to say.
        facts[fact.kind.name] = facts.get(fact.kind.name, 0.0) + fact.points
    rule = rule_score(dimension_id, own)
    return View(
        notebook=notebook.sha256,
        dimension=dimension_id,
        counts=seen.counts,
        stems=seen.stems,
        facts=facts,
        rule=None if rule is None else rule.points,
        rule_na=rule is not None and rule.points is None,
        judged=judged,
        checks=checks or {},
        vector=vector,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    counts: FloatArray
    stems: Mapping[str, int]


_Key = tuple[str, tuple[int, ...]]
_KEPT = 512
_recent: OrderedDict[_Key, _Look] = OrderedDict()
_lock = threading.Lock()


def _look(notebook: Notebook) -> _Look:
    # Hash and lengths rather than the notebook itself, so that its figures are not kept in memory.
    lengths = (n for cell in notebook.cells for n in (len(cell.source), *(len(o.text) for o in cell.outputs)))
    key = (notebook.sha256, tuple(lengths))
    with _lock:
        if key in _recent:
            _recent.move_to_end(key)
            return _recent[key]
    look = _Look(counts(notebook), stems(notebook))
    with _lock:
        _recent[key] = look
        while len(_recent) > _KEPT:
            _recent.popitem(last=False)
    return look
