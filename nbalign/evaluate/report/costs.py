"""What an experiment cost: a table and a sentence."""

from __future__ import annotations

from nbalign.evaluate.experiment.model import Cost, ExperimentResult
from nbalign.evaluate.report.tables import Cell, Table
from nbalign.evaluate.report.words import count, duration, line, percent, whole

_COSTS = ("computed", "known", "evaluated", "saved", "generated", "seconds", "evaluated_ever", "seconds_ever")


def costs(result: ExperimentResult) -> Table:
    """What each part cost, and all together."""
    rows = [_cost(one) for one in result.costs]
    groups: list[tuple[str, tuple[tuple[Cell, ...], ...]]] = [("", tuple(rows))]
    if len(rows) > 1:
        total: dict[str, float] = {name: sum(getattr(one, name) for one in result.costs) for name in _COSTS}
        together = Cost("all together", *(total[name] for name in _COSTS))  # type: ignore[arg-type]
        groups.append(("", (_cost(together),)))
    head = ("part", "computed", "known", "tokens read", "saved", "written", "time", "tokens ever", "time ever")
    return Table("Cost in answers, tokens and time", head, tuple(groups))


def saved(result: ExperimentResult) -> str:
    """How much of the reading was saved, one sentence; empty where nothing was read."""
    evaluated, kept = sum(one.evaluated for one in result.costs), sum(one.saved for one in result.costs)
    if not evaluated + kept:
        return ""
    seconds = duration(sum(one.seconds for one in result.costs))
    return (
        f"This run evaluated {count(evaluated, 'token')} in {seconds}; shared prefixes and kept answers saved "
        f"{count(kept, 'token')} more, {percent(kept / (evaluated + kept))} of all."
    )


def _cost(one: Cost) -> tuple[Cell, ...]:
    return (
        Cell(line(one.part, 60)),
        Cell(whole(one.computed)),
        Cell(whole(one.known)),
        Cell(whole(one.evaluated)),
        Cell(whole(one.saved)),
        Cell(whole(one.generated)),
        Cell(duration(one.seconds)),
        Cell(whole(one.evaluated_ever)),
        Cell(duration(one.seconds_ever)),
    )
