"""What an experiment works on: notebooks, labels, and where answers are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbalign.align.learned import learned_from
from nbalign.align.lessons import Noisy, lessons, noise
from nbalign.align.model import Lesson
from nbalign.errors import NotFound
from nbalign.evaluate.experiment.options import ExperimentOptions
from nbalign.judge.archive import Archive
from nbalign.judge.key import Subject
from nbalign.labels.consensus import consensus
from nbalign.labels.model import Label
from nbalign.notebooks.model import Notebook
from nbalign.rubrics.model import Dimension, Rubric
from nbalign.store.database import Store

Key = tuple[str, str]  # notebook, dimension


@dataclass(frozen=True, slots=True)
class Setting:
    """The material of one experiment.

    Attributes:
        rubric: The rubric.
        options: What was asked for.
        dimensions: The dimensions evaluated, in the rubric's order: those asked for that have a settled score.
        subjects: Content hash -> what a list knows of the notebook; those with a settled score alone.
        labels: Current labels under the rubric.
        lessons: Every settled score with what was said of it, of the dimensions evaluated: the truth where it is held
            out.
        teaching: What may be learned of a training fold; the same lessons but for what `nbalign align --unalign` left
            out. A score that is settled only without what was left out is among these alone.
        left_out: Events of the labels that nothing is learned from.
        truth: (notebook, dimension) -> settled score; None where raters disagree and nobody has decided.
        noise: Where raters are more than half of the scale apart.
        caveat: What must be said of the labels wherever figures are shown; may be empty.
        store: The workspace's store.
        archive: Its judgements.
        cache: Its folder for what may be deleted.
        load: Content hash -> notebook.
    """

    rubric: Rubric
    options: ExperimentOptions
    dimensions: tuple[Dimension, ...]
    subjects: Mapping[str, Subject]
    labels: Sequence[Label]
    lessons: Sequence[Lesson]
    teaching: Sequence[Lesson]
    left_out: frozenset[int]
    truth: Mapping[Key, int | None]
    noise: Sequence[Noisy]
    caveat: str
    store: Store
    archive: Archive
    cache: Path
    load: Callable[[str], Notebook]

    @property
    def notebooks(self) -> tuple[str, ...]:
        """Content hashes in the order of the notebooks' names."""
        return tuple(sorted(self.subjects, key=lambda sha256: (self.subjects[sha256].name, sha256)))

    @property
    def groups(self) -> dict[str, str] | None:
        """Notebook -> its case, where cases stay together; None where every notebook stands for itself."""
        if self.options.group != "case":
            return None
        return {sha256: case_of(subject) for sha256, subject in self.subjects.items()}

    def ablated(self, dimension: str) -> bool:
        """Whether `semantic` and `episodic` are evaluated on a dimension."""
        return not self.options.ablation or dimension in self.options.ablation


def case_of(subject: Subject) -> str:
    """The name of the case a notebook belongs to: the same for all that answer the same task prompt."""
    task = " ".join(subject.prompt.split()).casefold()
    return hashlib.sha256(task.encode()).hexdigest()[:12] if task else subject.sha256


def make_setting(
    rubric: Rubric,
    options: ExperimentOptions,
    subjects: Sequence[Subject],
    labels: Sequence[Label],
    *,
    left_out: tuple[Collection[str], Collection[str]] = ((), ()),
    caveat: str,
    store: Store,
    archive: Archive,
    cache: Path,
    load: Callable[[str], Notebook],
) -> Setting:
    """Takes what an experiment needs out of a workspace.

    Args:
        rubric: The rubric.
        options: What was asked for.
        subjects: All notebooks.
        labels: Current labels.
        left_out: Content hashes and raters that nothing is learned from; their scores count as truth like all others.
        caveat: What must be said of the labels; may be empty.
        store: The workspace's store.
        archive: Its judgements.
        cache: Its folder for what may be deleted.
        load: Content hash -> notebook.

    Raises:
        NotFound: If a dimension is unknown, no score is settled on the notebooks asked for, or all are left out.
    """
    known = [dimension.id for dimension in rubric.dimensions]
    for name in (*options.dimensions, *options.ablation):
        if name not in known:
            raise NotFound(f"the rubric {rubric.id} has no dimension {name!r}", f"It has: {', '.join(known)}.")
    dimensions = tuple(d for d in rubric.dimensions if not options.dimensions or d.id in options.dimensions)
    asked, values = {d.id for d in dimensions}, set(rubric.scale.values)
    names = {subject.sha256: subject.name for subject in subjects}
    known_labels = [
        label
        for label in labels
        if label.rubric == rubric.id and label.dimension in asked and label.score in values and label.notebook in names
    ]
    # What was not asked for is left out here, before anything is learned, retrieved or counted.
    wanted = frozenset(options.notebooks or names)
    own = [label for label in known_labels if label.notebook in wanted]
    truth = {key: found.score for key, found in consensus(own, rubric.scale).items()}
    settled = {notebook for (notebook, _), score in truth.items() if score is not None}
    if not settled:
        which = " on these notebooks" if options.notebooks else ""
        raise NotFound(
            f"there are no settled scores under the rubric {rubric.id}{which} to learn from",
            "Score notebooks in `nbalign tui`, or take labels in: nbalign label import FILE",
        )
    # Where no score is settled there is no error to tell, and asking the model all the same would cost its tokens.
    scored = {dimension for (_, dimension), score in truth.items() if score is not None}
    unscored = [d for d in dimensions if d.id not in scored]
    dimensions = tuple(d for d in dimensions if d.id in scored)
    taught = learned_from(own, *left_out)
    teaching = lessons(taught, rubric, names)
    if not teaching:
        raise NotFound(
            "all settled scores are left out of learning, so that there is nothing to learn from",
            "Take notebooks or raters in again: nbalign align --realign NAME",
        )
    part = settled | {lesson.notebook for lesson in teaching}
    said = [caveat, _chosen(len(part), known_labels, options), _unscored(unscored), _left_out(own, taught, left_out)]
    return Setting(
        rubric=rubric,
        options=options,
        dimensions=dimensions,
        subjects={subject.sha256: subject for subject in subjects if subject.sha256 in part},
        labels=own,
        lessons=lessons(own, rubric, names),
        teaching=teaching,
        left_out=frozenset(label.event for label in own) - {label.event for label in taught},
        truth=truth,
        noise=noise(own, rubric, names),
        caveat=" ".join(sentence for sentence in said if sentence),
        store=store,
        archive=archive,
        cache=cache,
        load=load,
    )


def _chosen(count: int, labels: Sequence[Label], options: ExperimentOptions) -> str:
    """What must be said where somebody chose among the labelled notebooks; empty where all were taken."""
    labelled = len({label.notebook for label in labels})
    if not options.notebooks or count == labelled:
        return ""
    return f"Only {count} of {labelled} labelled notebooks take part: those that were named."


def _unscored(dimensions: Sequence[Dimension]) -> str:
    """What must be said where dimensions have no settled score; empty where all have one."""
    if not dimensions:
        return ""
    return f"No score is settled in {', '.join(d.title for d in dimensions)}: not evaluated."


def _left_out(labels: Sequence[Label], taught: Sequence[Label], out: tuple[Collection[str], Collection[str]]) -> str:
    """What must be said where labels take no part in learning; empty where all do."""
    if len(labels) == len(taught):
        return ""
    notebooks = len({label.notebook for label in labels} & set(out[0]))
    raters = sorted({label.rater for label in labels if label.role == "rater"} & set(out[1]))
    what = [f"{notebooks} notebook{'s' * (notebooks != 1)}"] if notebooks else []
    what += [f"the rater{'s' * (len(raters) != 1)} {', '.join(raters)}"] if raters else []
    return (
        f"Nothing is learned from {' and '.join(what)}, as nbalign align --unalign asked; as the truth to be reached "
        "these scores count like all others."
    )
