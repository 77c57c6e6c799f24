"""What an experiment is asked to do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, field

from nbalign.align.learned import GUIDELINE_CHECKS, NEIGHBOURS, RUBRIC_CHECKS
from nbalign.align.wording import GUIDELINE_TOKENS, PRECEDENT_TOKENS
from nbalign.errors import UsageError
from nbalign.judge.session import JudgeOptions

# In the order in which tables show them.
ARMS = (
    "constant",
    "counts",
    "evidence",
    "bare",
    "base",
    "semantic",
    "episodic",
    "full",
    "checks",
    "calibrated",
    "full+calibrated",
)
DEFAULT_ARMS = tuple(arm for arm in ARMS if arm not in ("counts", "bare"))
MEANINGS = {
    "constant": "the median score of the training folds",
    "counts": "crude counts of the notebook's text, fitted to the labels; no language model",
    "evidence": "facts read off the code, fitted to the labels; no language model",
    "bare": "the judge as it is, shown no facts",
    "base": "the judge as it is, before alignment",
    "semantic": "the judge with guidelines",
    "episodic": "the judge with precedents",
    "full": "the judge with guidelines and precedents",
    "checks": "yes/no questions to the model, weighted by the labels",
    "calibrated": "the unaligned judge and everything else that is known, fitted to the labels",
    "full+calibrated": "the same, blended with the judge that has guidelines and precedents",
}
MEMORY_ARMS = ("semantic", "episodic", "full")
_JUDGED = frozenset({"bare", "base", *MEMORY_ARMS, "checks", "calibrated", "full+calibrated"})


@dataclass(frozen=True, slots=True)
class ExperimentOptions:
    """How to cross-validate.

    Attributes:
        arms: Arms to evaluate, names of `ARMS`.
        dimensions: Dimension ids; none means all of the rubric.
        notebooks: Content hashes of the notebooks to work on; none means all with a settled score.
        ablation: Dimension ids on which `semantic` and `episodic` are evaluated; none means all.
        folds: K, at least 2.
        bootstrap: Resamples behind each interval, at least 100.
        seed: Of folds and resamples.
        group: `notebook`, or `case`: notebooks that answer the same task prompt stay in one fold.
        guideline_tokens: Most tokens of guidelines in a prompt.
        precedent_tokens: Most tokens of precedents in a prompt.
        neighbours: Precedents retrieved.
        rubric_checks: Checks made from the rubric, a dimension.
        guideline_checks: Checks made from guidelines, a dimension and training set.
        judge: Model, budget and engine settings.
    """

    arms: tuple[str, ...] = DEFAULT_ARMS
    dimensions: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    ablation: tuple[str, ...] = ()
    folds: int = 4
    bootstrap: int = 10_000
    seed: int = 0
    group: str = "notebook"
    guideline_tokens: int = GUIDELINE_TOKENS
    precedent_tokens: int = PRECEDENT_TOKENS
    neighbours: int = NEIGHBOURS
    rubric_checks: int = RUBRIC_CHECKS
    guideline_checks: int = GUIDELINE_CHECKS
    judge: JudgeOptions = field(default_factory=JudgeOptions)

    def __post_init__(self) -> None:
        unknown = [arm for arm in self.arms if arm not in ARMS]
        if unknown:
            raise UsageError(f"there is no arm {', '.join(unknown)}", f"Arms: {', '.join(ARMS)}.")
        if self.group not in ("notebook", "case"):
            raise UsageError(f"notebooks cannot be grouped by {self.group!r}", "Use `notebook` or `case`.")
        if self.folds < 2:
            raise UsageError("cross-validation needs at least 2 folds", "Use `--folds 4`, for instance.")
        if self.bootstrap < 100:
            raise UsageError("intervals need at least 100 resamples", "Use `--bootstrap 10000`, for instance.")

    @property
    def asks_model(self) -> bool:
        """Whether any arm needs a language model."""
        return bool(_JUDGED & set(self.arms))

    def ordered_arms(self) -> tuple[str, ...]:
        """The arms asked for, in the order of tables."""
        return tuple(arm for arm in ARMS if arm in self.arms)

    def as_text(self) -> dict[str, str]:
        """Every option by name, for reports; what only decides speed is left out.

        Notebooks stand there by the beginnings of their hashes, and not at all where all of them are meant. Names are
        in an order of their own, each once: the same experiment always has the same options.
        """
        found = {name: value for name, value in asdict(self).items() if name not in ("judge", "notebooks")}
        found |= {"arms": self.ordered_arms(), "dimensions": _once(self.dimensions), "ablation": _once(self.ablation)}
        if self.notebooks:
            found["notebooks"] = tuple(sorted({sha256[:12] for sha256 in self.notebooks}))
        shown = {name: " ".join(map(str, v)) if isinstance(v, tuple) else str(v) for name, v in found.items()}
        return {**shown, "budget": str(self.judge.budget), "evidence_tokens": str(self.judge.evidence)}


def needs_checks(arms: Collection[str]) -> bool:
    """Whether checks have to be asked for these arms."""
    return bool({"checks", "full+calibrated"} & set(arms))


def needs_memory(arms: Collection[str]) -> bool:
    """Whether guidelines have to be distilled, or precedents shown, for these arms."""
    return bool({*MEMORY_ARMS, "full+calibrated", "checks"} & set(arms))


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
