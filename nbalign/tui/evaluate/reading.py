"""What the room reads of the store, each in one call that runs off the screen's thread."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from nbalign.errors import NbalignError
from nbalign.evaluate.experiment.cases import Cases, cases
from nbalign.evaluate.experiment.model import ExperimentResult
from nbalign.jobs.outlay import Engines, read_engines
from nbalign.labels.consensus import consensus
from nbalign.rubrics.model import Rubric
from nbalign.tui.desk import Desk
from nbalign.tui.evaluate.chart import Chart
from nbalign.tui.evaluate.figures import Figures
from nbalign.tui.evaluate.table import Table
from nbalign.tui.evaluate.words import Part, head, whole

if TYPE_CHECKING:
    from nbalign.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Entry:
    """A finished experiment as the list shows it.

    Attributes:
        id: Its id.
        at: UTC time it was finished.
        arms: Names of its arms.
    """

    id: str
    at: str
    arms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What an experiment could stand on.

    Attributes:
        scores: Scores by raters under the rubric.
        labelled: Notebooks that have any.
        notebooks: Notebooks with a settled score.
        settled: Dimension id -> notebooks with a settled score in it.
        engines: The models that could be asked; read only when an experiment is to be started.
    """

    scores: int = 0
    labelled: int = 0
    notebooks: int = 0
    settled: dict[str, int] | None = None
    engines: Engines = field(default_factory=Engines)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The finished experiments, and what there is where there are none.

    Attributes:
        entries: The latest first.
        ground: Read only where there are no entries.
    """

    entries: tuple[Entry, ...]
    ground: Ground


@dataclass(frozen=True, slots=True)
class Shown:
    """An experiment ready to be drawn.

    Attributes:
        entry: Which.
        result: All of it; None where it cannot be read.
        figures: By arm and dimension.
        chart: Its lines.
        table: Its lines.
        head: Which experiment it is, and its verdict; why it cannot be read.
        words: All that stands around the figures.
    """

    entry: Entry
    result: ExperimentResult | None
    figures: Figures | None
    chart: Chart | None
    table: Table | None
    head: list[Part]
    words: list[Part]


def read_shelf(workspace: Workspace, rubric: Rubric) -> Shelf:
    """The finished experiments of a rubric."""
    found = workspace.experiments().list(rubric.id)
    entries = tuple(Entry(ref, at, tuple(str(options.get("arms", "")).split())) for ref, _, at, options in found)
    return Shelf(entries, Ground() if entries else read_ground(workspace, rubric))


def read_start(workspace: Workspace, rubric: Rubric) -> Ground:
    """What an experiment could stand on now, and the models that it could ask."""
    return replace(read_ground(workspace, rubric), engines=read_engines(workspace, rubric))


def read_ground(workspace: Workspace, rubric: Rubric) -> Ground:
    """What an experiment could stand on now."""
    asked, values = {d.id for d in rubric.dimensions}, set(rubric.scale.values)
    labels = [x for x in workspace.labels(rubric=rubric.id) if x.dimension in asked and x.score in values]
    given = [label for label in labels if label.role == "rater"]
    done = {key for key, found in consensus(labels, rubric.scale).items() if found.score is not None}
    settled = {d.id: sum(dimension == d.id for _, dimension in done) for d in rubric.dimensions}
    return Ground(
        len(given), len({label.notebook for label in given}), len({notebook for notebook, _ in done}), settled
    )


def read_experiment(workspace: Workspace, entry: Entry) -> Shown:
    """One experiment; where it is damaged or from a later nbalign, why it cannot be shown."""
    try:
        result = workspace.experiments().get(entry.id)
    except NbalignError as error:
        said: list[Part] = [("This experiment cannot be shown: ", "bold $text-error"), f"{error.message}. {error.hint}"]
        return Shown(entry, None, None, None, None, said, [])
    figures = Figures(result)
    return Shown(entry, result, figures, Chart(figures), Table(figures), head(result), whole(figures))


def read_cases(desk: Desk, result: ExperimentResult, arm: str, dimension: str, *, reveal: bool) -> Cases:
    """The notebooks behind a figure, as far as this rater may see them."""
    workspace, rubric = desk.workspace, desk.rubric
    only = dimension or None
    rationales = {}
    if arm == "base" and result.judge:
        kept = workspace.judgements(rubric=rubric.id, dimension=only, judge=result.judge)
        rationales = {(j.notebook, j.dimension): j.rationale for j in kept if j.rationale}
    labels = workspace.labels(rubric=rubric.id, dimension=only)
    names = workspace.names()
    return cases(result, arm, dimension, labels, rubric.scale, names, desk.rater, reveal=reveal, rationales=rationales)
