"""Why a notebook was picked, in one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nbalign.audit.choose import Choice
from nbalign.audit.doubt import doubt
from nbalign.audit.model import Pick
from nbalign.judge.model import Judgement
from nbalign.rubrics.model import Rubric

_LEAST = 0.1  # probabilities that are worth telling


def doubts(rubric: Rubric, judgements: Sequence[Judgement]) -> float:
    """A judge's doubt about one notebook: the mean over its dimensions, 0 without any."""
    return sum(doubt(j.probabilities, rubric.scale) for j in judgements) / max(len(judgements), 1)


def reason(rubric: Rubric, choice: Choice, judgements: Sequence[Judgement], drawn_from: int) -> str:
    """Why a notebook was chosen just now.

    Args:
        rubric: The rubric.
        choice: The choice.
        judgements: What the judge says of the notebook.
        drawn_from: How many notebooks the random ones were drawn from.
    """
    if choice.why == "random":
        return f"drawn from {drawn_from} judged and unlabelled"
    if choice.why == "novel":
        return f"likeness to the nearest labelled or picked: {1 - choice.novelty:.2f} of 1"
    most = max(judgements, key=lambda j: doubt(j.probabilities, rubric.scale))
    title = next((d.title for d in rubric.dimensions if d.id == most.dimension), most.dimension)
    return f"unsure most of {title}: {_shares(rubric, most.probabilities)}"


def earlier(pick: Pick) -> str:
    """What is said of a notebook that waits since it was picked before."""
    return f"picked on {pick.at[:10]}, still unlabelled"


def _shares(rubric: Rubric, probabilities: Mapping[int, float]) -> str:
    na = rubric.scale.not_applicable
    shown = [(v, p) for v, p in sorted(probabilities.items(), key=lambda item: (-item[1], item[0])) if p >= _LEAST]
    return ", ".join(f"{'N/A' if value == na else value} {share:.0%}" for value, share in shown[:3])
