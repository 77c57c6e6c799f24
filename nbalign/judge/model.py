"""What a judge says about one notebook and one dimension."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Judgement:
    """A distribution over the scale, and everything that made it.

    Attributes:
        key: SHA-256 over all that made it: the same key is never computed twice.
        judge: Short name of the judge: model, prompt, digest budget, rubric and memory, but not the build or threads.
        notebook: Content hash of the notebook.
        rubric: Rubric id.
        rubric_sha256: The exact rubric.
        dimension: Dimension id.
        probabilities: Digit of the scale -> probability; sums to 1 over the scale's values.
        expected: Mean of the ordinal digits, N/A left out and renormalised.
        score: The decided score: N/A first, else the value with the least expected absolute error.
        mass: Share of the model's whole next-token probability that fell on the scale's digits, 0..1: how well the
            model understood what it was asked for.
        cut: What the model did not see, one plain sentence each; empty when it saw the whole digest.
        tokens: Tokens evaluated for this judgement alone (its branch); a shared prefix is counted once per notebook.
        prefix_tokens: Tokens of the shared prefix.
        seconds: Wall seconds of the branch.
        rationale: Two or three sentences that cite cells; empty until asked for.
        made_by: Everything in the key, by name, for audits.
        at: UTC time, ISO 8601.
    """

    key: str
    judge: str
    notebook: str
    rubric: str
    rubric_sha256: str
    dimension: str
    probabilities: Mapping[int, float]
    expected: float
    score: int
    mass: float
    cut: tuple[str, ...]
    tokens: int
    prefix_tokens: int
    seconds: float
    rationale: str = ""
    made_by: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
