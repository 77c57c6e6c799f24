"""Which rows a prediction is for: new ones, ones set aside, ones of the test part, or ones the model learned from."""

from __future__ import annotations

import ast
import re

from nbalign.evidence.facts.models.models_named import predictor
from nbalign.evidence.facts.models.models_seen import Models
from nbalign.evidence.flow.model_events import CrossValidate, Predict
from nbalign.evidence.flow.rows import TESTED, Rows

_NEW_NAME = re.compile(
    r"(?:^|_)(?:new|unseen|incoming|future|fresh|upcoming|next|tomorrow|todays?|live)(?:_|\d|$)|_applicants?$|^applicants?$",
    re.IGNORECASE,
)
_NARROWS = {"mask", "notna", "dropna", "slice", "sample", "isin", "query", "index", "filter", "drop", "loc"}


def predictions(models: Models) -> list[Predict]:
    """Predictions of models, in order."""
    return [p for p in models.trace.of(Predict) if predictor(p.estimator) is not None or p.estimator.loaded]


def has_new(models: Models, rows: Rows) -> bool:
    """Whether some of the rows are new to the notebook."""
    tree = models.trace.tree
    return any(node.role == "new" for row in rows for node in tree.path(row))


def set_aside(models: Models, event: Predict) -> bool:
    """Whether rows of the notebook's own data are predicted that were neither learned from nor measured on."""
    fit = models.made_by.get(id(event))
    if fit is None or not fit.rows or not event.rows:
        return False
    tree, role = models.trace.tree, models.role(event.rows)
    if role in ("train", "fold train", "mixed") or tree.overlap(event.rows, fit.rows):
        return False
    measured = models.measured_until
    if role in TESTED:
        apart = not any(_meet(models, rows, event.rows) for rows in measured)
        return apart and any(models.role(rows) in TESTED for rows in measured)
    return (
        role == "all"
        and _narrowed(models, fit.rows)
        and _narrowed(models, event.rows)
        and _roots(models, event.rows) == _roots(models, fit.rows)
    )


def _meet(models: Models, a: Rows, b: Rows) -> bool:
    """Whether rows overlap, or are the same part of one split: of features and of a target that were read apart."""
    tree = models.trace.tree
    parts = [{(n.split, n.role) for row in rows for n in tree.path(row) if n.split >= 0} for rows in (a, b)]
    return tree.overlap(a, b) or bool(parts[0] & parts[1])


def _narrowed(models: Models, rows: Rows) -> bool:
    tree = models.trace.tree
    return all(any(n.role == "subset" and n.origin in _NARROWS for n in tree.path(row)) for row in rows)


def _roots(models: Models, rows: Rows) -> set[str]:
    """The sources that rows come from; one file read twice is one source."""
    tree = models.trace.tree
    roots = [tree.path(row)[-1] for row in rows]
    return {root.name or str(root.id) for root in roots}


def in_sample(models: Models, event: Predict) -> bool:
    """Whether a prediction is surely for rows that the model learned from, or for all rows with those among them."""
    return not event.at.loop and learned_from(models, event)


def learned_from(models: Models, event: Predict) -> bool:
    """The same of predictions inside a loop, too, whose rows may have been put together there."""
    fit = models.made_by.get(id(event))
    if fit is None or event.new or not event.rows or not fit.rows:
        return False
    tree = models.trace.tree
    if tree.includes(fit.rows, event.rows):
        return True
    if models.role(event.rows) != "all":
        return False
    if tree.includes(event.rows, fit.rows):
        return True
    # Nothing was left out of the file before the split: any other part of it holds rows that were learned from.
    whole = not _narrowed(models, fit.rows)
    return whole and _roots(models, event.rows) == _roots(models, fit.rows)


def called_new(models: Models, event: Predict) -> str:
    """The variable that passes rows of the data off as new; empty when there is none."""
    tree = models.trace.tree
    nodes = [node for row in event.rows for node in tree.path(row) if node.origin in _NARROWS and node.name]
    for cell in models.code.cells:
        made = [n for n in nodes if n.cell == cell.number]
        if not made:
            continue
        for statement in cell.nodes:
            if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
                continue
            name = statement.targets[0].id
            if _NEW_NAME.search(name) and any(n.name.split()[-1] in ast.unparse(statement.value) for n in made):
                return name
    return ""


def is_measured(models: Models, event: Predict) -> bool:
    """Whether rows that are predicted are measured on afterwards, by this model or one that is not known."""
    at = models.position[id(event)]
    return any(last > at and _meet(models, rows, event.rows) for rows, last in models.measured_until.items())


def from_elsewhere(models: Models, event: Predict) -> bool:
    """Whether rows come from another file than the rows that were learned from, and no truth of theirs is known."""
    fit = models.made_by.get(id(event))
    if fit is None or not fit.rows or not event.rows:
        return False
    if _roots(models, fit.rows) & _roots(models, event.rows):
        return False
    return not any(_meet(models, rows, event.rows) for rows in models.measured_until)


def done(models: Models, events: list[Predict]) -> list[Predict]:
    """Those that the saved outputs do not show to have failed; all where none is left."""
    return [e for e in events if models.ran(e)] or events


def farthest(models: Models, ahead: bool, fresh: list[Predict]) -> list[Predict]:
    """Those that surely go past the data: for a time ahead the last ones, what leads up to them may be measured."""
    ran = done(models, fresh)
    if not ahead:
        return [e for e in ran if not is_measured(models, e)] or ran
    return [e for e in ran if e.at.cell == ran[-1].at.cell]


def out_of_fold(models: Models, asked: str) -> list[CrossValidate]:
    """Cross-validated predictions of all rows, where the rows of the file are what is asked for."""
    if asked not in ("table", "some"):
        return []
    return [c for c in models.crossed if c.how == "cross_val_predict" and models.role(c.rows) == "all"]
