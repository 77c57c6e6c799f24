"""Facts about model training: hold-out, validation, search, rivals, seeds, and faults."""

from __future__ import annotations

from nbalign.evidence.facts.models import model_training_faults, model_training_practice, model_training_rows
from nbalign.evidence.facts.models.model_prompt import read_prompt
from nbalign.evidence.facts.models.models_seen import Models
from nbalign.evidence.flow.model_events import CrossValidate
from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

DIMENSION = "model_training"

NO_TRAINING_ASKED = Kind("no_training_asked", DIMENSION, "n/a", 0.0, "The prompt asks for no training.")

KINDS: tuple[Kind, ...] = (
    *model_training_practice.PRACTICE_KINDS,
    *model_training_rows.ROW_KINDS,
    *model_training_faults.FAULT_KINDS,
    NO_TRAINING_ASKED,
)


def facts(source: Source) -> list[Fact]:
    """The facts of this dimension."""
    models = Models(source)
    asked = read_prompt(source.notebook.prompt)
    if asked.training is False:
        more = "; models are fitted all the same" if models.real else ""
        return [NO_TRAINING_ASKED.fact(f"the prompt asks for no training{more}", {f.at.cell for f in models.real})]
    found = model_training_faults.faults(models, asked)
    if not models.fits and not models.trace.of(CrossValidate):
        return found
    found += model_training_practice.practice(models, found)
    found += model_training_rows.row_gaps(models, found)
    return _softened(found)


def _softened(found: list[Fact]) -> list[Fact]:
    """Counts every gap after the gravest half: many small gaps still make an average notebook, not a bad one."""
    gaps = sorted((f for f in found if f.kind.polarity == "gap"), key=lambda f: f.points)
    kept = [f for f in found if f.kind.polarity != "gap"]
    return kept + gaps[:1] + [g.kind.fact(g.text, g.cells, g.points / 2) for g in gaps[1:]]
