"""What the room reads of the store and works out, each in one call that runs off the screen's thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nbalign.errors import NbalignError, NotFound, UsageError
from nbalign.suite.compare.board import Board, board
from nbalign.suite.compare.comparing import compare, error_brief, missing_notes
from nbalign.suite.compare.model import Comparison, ErrorBrief, RunBrief
from nbalign.suite.compare.single import Single, single
from nbalign.suite.compare.tallies import brief, tally
from nbalign.suite.runs.model import JudgeError, Run, ScoredRun
from nbalign.tui.desk import Desk
from nbalign.tui.runs.eyes import Eyes, Pair, read_eyes

if TYPE_CHECKING:
    from nbalign.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Summary:
    """How far a run is and what it scored, for the list.

    Attributes:
        made: Notebooks that were made.
        judged: Notebooks with a score on every dimension.
        asked: Notebooks asked for.
        mean: Mean over the dimensions; None without any level that may be seen.
        means: Dimension title -> mean over the cases, N/A left out; None without any level.
        hidden: Scores that stay hidden, and count in no mean.
        failed_cells: Code cells that did not end well.
        seconds: To write the notebooks.
        evaluated: Tokens read for them.
        generated: Tokens written for them.
        problems: Why notebooks could not be made -> how many, the most frequent first.
    """

    made: int
    judged: int
    asked: int
    mean: float | None
    means: Mapping[str, float | None]
    hidden: int
    failed_cells: int
    seconds: float
    evaluated: int
    generated: int
    problems: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run ready to be drawn.

    Attributes:
        scored: The run without what stays hidden.
        hidden: Notebooks and dimensions whose scores stay hidden.
        queue: Those of its notebooks that are in the queue.
        summary: The run in figures.
        singles: Its figures by dimension, with intervals.
        error: What is known of the judge's error.
    """

    scored: ScoredRun
    hidden: frozenset[Pair]
    queue: frozenset[str]
    summary: Summary
    singles: Mapping[str, Single]
    error: ErrorBrief | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs against each other, or more on a board.

    Attributes:
        names: The runs, in the order they were marked.
        pair: What two say about each other.
        board: What more than two do.
        prompts: Case id -> what was asked.
        hidden: Scores that stay hidden, and are in no figure.
        problem: Why they cannot be compared; empty when they are.
    """

    names: tuple[str, ...]
    pair: Comparison | None = None
    board: Board | None = None
    prompts: Mapping[str, str] | None = None
    hidden: int = 0
    problem: str = ""


def read_runs(desk: Desk) -> tuple[tuple[Run, ...], Eyes]:
    """All runs, the latest first, and what this rater has in the queue and has scored under the rubric at hand."""
    return tuple(desk.workspace.runs()), read_eyes(desk, desk.rubric.id, revealed=False)


def read_summary(desk: Desk, run: Run, *, revealed: bool) -> Summary | str:
    """A run in figures, or why there are none: one that cannot be read must not keep others from being read."""
    try:
        scored = desk.workspace.scored_run(run.name)
        return summary(scored, read_eyes(desk, run.rubric, revealed=revealed))
    except NbalignError as error:
        return f"{error.message}. {error.hint}"


def summary(scored: ScoredRun, eyes: Eyes) -> Summary:
    """A run in figures, as one rater may see them."""
    run, made = scored.run, [one for one in scored.productions if one.notebook]
    given = Counter((score.case, score.repeat) for score in scored.scores)
    found = tally(eyes.seen(scored))
    means: dict[str, float | None] = {}
    for dimension, title in scored.dimensions:
        levels = found.means(dimension, found.by_case[dimension]).values()
        means[title] = sum(levels) / len(levels) if levels else None
    known = [mean for mean in means.values() if mean is not None]
    return Summary(
        made=len(made),
        judged=sum(count == len(scored.dimensions) for count in given.values()),
        asked=len(run.cases) * run.repeats,
        mean=sum(known) / len(known) if known else None,
        means=means,
        hidden=len(eyes.hidden(scored)),
        failed_cells=sum(one.failed_cells for one in made),
        seconds=sum(one.seconds for one in scored.productions),
        evaluated=sum(one.evaluated for one in scored.productions),
        generated=sum(one.generated for one in scored.productions),
        problems=dict(Counter(one.problem for one in scored.productions if not one.notebook).most_common()),
    )


def read_run(desk: Desk, name: str, *, revealed: bool) -> RunShown:
    """A run with its figures, as this rater may see them.

    Raises:
        NotFound: If there is no such run any more.
    """
    scored = desk.workspace.scored_run(name)
    eyes = read_eyes(desk, scored.run.rubric, revealed=revealed)
    seen, error = eyes.seen(scored), _error(desk.workspace, scored.run)
    made = {one.notebook for one in scored.productions}
    return RunShown(
        scored=seen,
        hidden=eyes.hidden(scored),
        queue=eyes.queue & made,
        summary=summary(scored, eyes),
        singles={row.dimension: row for row in single(seen, error)},
        error=error_brief(error, [dimension for dimension, _ in scored.dimensions]),
    )


def read_comparison(desk: Desk, names: Sequence[str], *, revealed: bool, across: bool) -> Compared:
    """Two runs against each other, or three and more on a board, as this rater may see them.

    Args:
        desk: Who works on what.
        names: The runs; the first is the one that another is compared with.
        revealed: Whether hidden scores are to show and count.
        across: Whether runs of different judges are compared all the same.

    Raises:
        NotFound: If one of them is there no more.
    """
    runs = [desk.workspace.scored_run(name) for name in names]
    eyes = read_eyes(desk, runs[0].run.rubric, revealed=revealed)
    seen, hidden = eyes.shared(runs)
    prompts = {case.id: case.prompt for each in reversed(runs) for case in each.run.cases}
    told = Compared(tuple(names), prompts=prompts, hidden=hidden)
    same = len({each.run.judge for each in runs}) == 1
    error = _error(desk.workspace, runs[0].run) if same else None
    briefs = {each.run.name: brief(each) for each in runs}
    try:
        if len(seen) == 2:
            return replace(told, pair=_as_judged(compare(*seen, error, across_judges=across), briefs))
        return replace(told, board=_board_as_judged(board(seen, error, across_judges=across), briefs))
    except UsageError as problem:
        if hidden:
            said = "What may be seen of these runs cannot be compared, since most scores are hidden from you"
            return replace(told, problem=f"{said} ({problem.message}).")
        return replace(told, problem=f"{problem.message}. {problem.hint}")


def _error(workspace: Workspace, run: Run) -> JudgeError | None:
    try:
        return workspace.judge_error(run)
    except NotFound:
        return None  # the memory is not here any more, and with it what is known of it


def _as_judged(found: Comparison, briefs: Mapping[str, RunBrief]) -> Comparison:
    """The comparison with what was really judged: a hidden score is not a missing one."""
    a, b = briefs[found.a.name], briefs[found.b.name]
    notes = _notes(found.notes, (found.a, found.b), (a, b))
    return replace(found, a=a, b=b, notes=notes)


def _board_as_judged(found: Board, briefs: Mapping[str, RunBrief]) -> Board:
    before = [place.run for place in found.places]
    after = [briefs[run.name] for run in before]
    places = tuple(replace(place, run=run) for place, run in zip(found.places, after, strict=True))
    return replace(found, places=places, notes=_notes(found.notes, before, after))


def _notes(notes: Sequence[str], before: Sequence[RunBrief], after: Sequence[RunBrief]) -> tuple[str, ...]:
    wrong = frozenset(missing_notes(before))
    return (*missing_notes(after), *(note for note in notes if note not in wrong))
