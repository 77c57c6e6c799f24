"""What an experiment would ask of a model at most: questions, tokens and time, before it is started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbalign.evaluate.experiment.effort import effort
from nbalign.evaluate.experiment.options import ExperimentOptions
from nbalign.jobs.choosing import chosen_model
from nbalign.judge.model import Judgement
from nbalign.judge.session import DEFAULT_BUDGET
from nbalign.llm.library import ModelLibrary
from nbalign.rubrics.model import Rubric

if TYPE_CHECKING:
    from nbalign.workspace import Workspace

_LATEST = 500  # judgements that a speed is measured on
_QUESTION = 280.0  # tokens of a question with its levels and facts, as far as none was asked here
_CHECK = 26  # tokens of a check
_USABLE = ("verified", "present")


@dataclass(frozen=True, slots=True)
class Speed:
    """What a model has taken to judge here.

    Attributes:
        model: Its name.
        reading: Tokens of a notebook that is read, on average.
        question: Tokens of a question for a score, on average.
        rate: Tokens a second; 0.0 where it has never judged here.
    """

    model: str
    reading: float = float(DEFAULT_BUDGET)
    question: float = _QUESTION
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Engines:
    """The models that could be asked.

    Attributes:
        speeds: One for each model that is here, the best judge first.
        judging: The one that judges when none is named: chosen in the workspace, or the best here; it may be missing.
    """

    speeds: tuple[Speed, ...] = ()
    judging: str = ""

    def speed(self, model: str) -> Speed | None:
        """That of a model; None where it is not here."""
        return next((speed for speed in self.speeds if speed.model == model), None)


@dataclass(frozen=True, slots=True)
class Outlay:
    """What would be asked if no answer were kept yet; kept ones are not asked again.

    Attributes:
        scores: Questions for a score.
        checks: Yes/no questions.
        distils: Whether guidelines are made of raters' words first, which comes on top.
        tokens: What the model reads for scores and checks.
        seconds: How long that takes; None where the model's speed is not known.
    """

    scores: int
    checks: int
    distils: bool
    tokens: int
    seconds: float | None


def read_engines(workspace: Workspace, rubric: Rubric) -> Engines:
    """Looks which models are here and how quick each has been; no model is loaded.

    Raises:
        ModelError: If the manifest that travels with nbalign cannot be read.
        StoreError: If the workspace cannot be read.
    """
    # Imported here, off the screen's thread: it brings all of alignment along.
    from nbalign.jobs.planning import best_here, latest_by

    listed = ModelLibrary.default().list()
    speeds = (
        _speed(listing.name, latest_by(workspace, rubric, listing.name))
        for listing in listed
        if listing.state in _USABLE
    )
    return Engines(tuple(speeds), chosen_model(workspace) or best_here(listed))


def outlay(options: ExperimentOptions, notebooks: int, dimensions: int, speed: Speed) -> Outlay:
    """Counts what an experiment would ask of a model.

    Args:
        options: The arms and how they are evaluated.
        notebooks: How many notebooks take part.
        dimensions: How many dimensions are evaluated.
        speed: The model.
    """
    asked = effort(options, notebooks, dimensions)
    memory = asked.taught * (options.guideline_tokens + options.precedent_tokens)
    read = notebooks * speed.reading if asked.scores or asked.checks else 0.0
    tokens = round(read + asked.scores * speed.question + memory + asked.checks * _CHECK)
    return Outlay(
        asked.scores, asked.checks, asked.distils, tokens, tokens / speed.rate if speed.rate and tokens else None
    )


def _speed(model: str, judgements: Sequence[Judgement]) -> Speed:
    latest = judgements[-_LATEST:]
    tokens, seconds = sum(j.tokens for j in latest), sum(j.seconds for j in latest)
    if not tokens or seconds <= 0:
        return Speed(model)
    reading = sum(j.prefix_tokens for j in latest) / len(latest)
    return Speed(model, reading, tokens / len(latest), tokens / seconds)
