"""Semantic memory: guidelines distilled from what raters said, with the labels that each of them comes from.

Lessons become batches, batches become prompts, answers become candidates, candidates become guidelines:

    batched = batches(lessons, judged, group=None, count=engine.count)
    distilled = Distiller(engine, Distillations(store), rubric, model_sha256).run(batched.batches)
    guidelines = merge(rubric.id, candidates_of(distilled), store_of_guidelines.current(rubric.id))
    told = accounts(lessons, guidelines, unused_of(batched, distilled))
"""

from __future__ import annotations

from nbalign.align.distill.accounts import accounts, candidates_of, unused_of
from nbalign.align.distill.archive import Distillations, Written
from nbalign.align.distill.batches import BUDGET, Batch, Batched, batches
from nbalign.align.distill.distiller import Distilled, Distiller, Writer
from nbalign.align.distill.merging import Candidate, merge
from nbalign.align.distill.prompt import VERSION

__all__ = [
    "BUDGET",
    "VERSION",
    "Batch",
    "Batched",
    "Candidate",
    "Distillations",
    "Distilled",
    "Distiller",
    "Writer",
    "Written",
    "accounts",
    "batches",
    "candidates_of",
    "merge",
    "unused_of",
]
