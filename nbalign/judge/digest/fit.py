"""Which lines stay when the budget is short: lowest level first, and of a level the deepest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nbalign.judge.digest.model import CellDigest, Level, Line
from nbalign.judge.digest.render import CUT, render

Count = Callable[[Sequence[str]], Sequence[int]]

_CANDIDATES = 6  # texts counted in one call
_ROUNDS = 5
_LEFT_OUT_TOKENS = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be given up.

    Attributes:
        cell: Index of the cell.
        line: Index of the line over all lines.
        shorten: True to take the short form, False to drop the line.
        saves: About how many tokens that saves.
    """

    cell: int
    line: int
    shorten: bool
    saves: int


@dataclass(slots=True)
class Fit:
    """What a fit came to.

    Attributes:
        text: The digest's text.
        tokens: What it costs.
        dropped: Lines that are not shown, by identity.
        shortened: Lines that are shown in their short form, by identity.
        bare: Whether not even the heads of pinned cells are shown.
    """

    text: str
    tokens: int
    dropped: set[int] = field(default_factory=set)
    shortened: set[int] = field(default_factory=set)
    bare: bool = False

    def shown(self, line: Line) -> str:
        """What is shown of a line; empty where it is dropped."""
        if id(line) in self.dropped:
            return ""
        return line.short if id(line) in self.shortened else line.text

    def shows_source(self, cell: CellDigest) -> bool:
        """Whether at least a part of a cell's source is shown."""
        return (cell.pinned and not self.bare) or any(self.shown(line) for line in cell.source)

    def shows(self, cell: CellDigest) -> bool:
        """Whether anything of a cell is shown."""
        return self.shows_source(cell) or any(self.shown(line) for line in cell.output)


def fit(cells: Sequence[CellDigest], costs: dict[str, int], budget: int, count: Count) -> Fit:
    """Drops lines until the text fits.

    Args:
        cells: Reduced cells in order.
        costs: Tokens of each head, line and short form.
        budget: Tokens allowed, at least 1.
        count: Token counts of a batch of texts.

    Returns:
        The fullest text found within the budget; its tokens are counted, not estimated.
    """
    lines = [(at, line) for at, cell in enumerate(cells) for line in (*cell.source, *cell.output)]
    steps = _steps(lines, costs)
    estimates = _estimates(cells, lines, steps, costs)
    if estimates[0] <= budget * 1.25:
        whole = _at(cells, lines, steps, 0)
        whole.tokens = int(count([whole.text])[0])
        if whole.tokens <= budget:
            return whole
    low, high = 0, len(steps)  # `low` is taken not to fit, `high` is the shortest there is
    best: Fit | None = None
    guess = next((at for at, cost in enumerate(estimates) if cost <= budget), high)
    tries = _around(guess, estimates, budget, high)
    for _ in range(_ROUNDS):
        fits = [_at(cells, lines, steps, at) for at in tries]
        for at, candidate, tokens in zip(tries, fits, count([fit.text for fit in fits]) if fits else (), strict=True):
            candidate.tokens = int(tokens)
            if candidate.tokens <= budget:
                if best is None or at <= high:
                    best = candidate
                high = min(high, at)
            else:
                low = max(low, at) if at < high else low
        if best is not None and high - low <= 1:
            break
        tries = _between(low, high, include_last=best is None)
        if not tries:
            break
    return best or _least(cells, lines, steps, budget, count)


def _steps(lines: Sequence[tuple[int, Line]], costs: dict[str, int]) -> list[Step]:
    """Everything that can be given up, in the order in which it goes."""
    keyed = []
    for at, (cell, line) in enumerate(lines):
        full = costs[line.text]
        keyed.append(((line.level, -line.depth, cell, at), Step(cell, at, False, full)))
        if line.short:
            keyed.append(((Level.IMPORTS, 0, cell, at), Step(cell, at, True, max(0, full - costs[line.short]))))
    return [step for _, step in sorted(keyed, key=lambda pair: pair[0])]


def _estimates(
    cells: Sequence[CellDigest], lines: Sequence[tuple[int, Line]], steps: Sequence[Step], costs: dict[str, int]
) -> list[int]:
    """About what the text costs after each number of steps."""
    alive = [0] * len(cells)
    for cell, _ in lines:
        alive[cell] += 1
    shown = [bool(number) or cells[at].pinned for at, number in enumerate(alive)]
    total = sum(costs[line.text] for _, line in lines) + sum(costs[cell.head] for cell in cells)
    total += _LEFT_OUT_TOKENS * sum(not here for here in shown)
    shortened: dict[int, int] = {}
    estimates = [total]
    for step in steps:
        if step.shorten:
            shortened[step.line] = step.saves
            total -= step.saves
        else:
            total -= step.saves - shortened.get(step.line, 0)
            alive[step.cell] -= 1
            if not alive[step.cell] and not cells[step.cell].pinned:
                total -= costs[cells[step.cell].head]
                shown[step.cell] = False
                beside = [at for at in (step.cell - 1, step.cell + 1) if 0 <= at < len(cells)]
                total += _LEFT_OUT_TOKENS if all(shown[at] for at in beside) else 0
        estimates.append(total)
    return estimates


def _at(cells: Sequence[CellDigest], lines: Sequence[tuple[int, Line]], steps: Sequence[Step], number: int) -> Fit:
    """The text after a number of steps."""
    dropped: set[int] = set()
    shortened: set[int] = set()
    for step in steps[:number]:
        (shortened if step.shorten else dropped).add(id(lines[step.line][1]))
    made = Fit("", 0, dropped, shortened)
    made.text = render(cells, made.shown)
    return made


def _around(guess: int, estimates: Sequence[int], budget: int, most: int) -> list[int]:
    """Numbers of steps about a guess: those that are estimated to leave 110 to 70 percent of the budget."""
    found = {guess}
    for share in (1.1, 1.04, 0.96, 0.88, 0.7):
        found.add(next((at for at, cost in enumerate(estimates) if cost <= budget * share), most))
    return sorted(found)


def _between(low: int, high: int, *, include_last: bool) -> list[int]:
    """Numbers of steps that cut what lies between two into even parts."""
    parts = min(_CANDIDATES, high - low)
    found = {low + (high - low) * part // parts for part in range(1, parts)} if parts > 1 else set()
    if include_last:
        found.add(high)
    return sorted(found)


def _least(
    cells: Sequence[CellDigest], lines: Sequence[tuple[int, Line]], steps: Sequence[Step], budget: int, count: Count
) -> Fit:
    """The last resort: nothing but the line that says how much is left out, or a mark, or nothing."""
    bare = _at(cells, lines, steps, len(steps))
    texts = [bare.text, f"[1-{len(cells)}] {len(cells)} cells left out", CUT, ""]
    for text, tokens in zip(texts, count(texts), strict=True):
        if int(tokens) <= budget or not text:
            return Fit(text, int(tokens), bare.dropped, bare.shortened, bare=True)
    raise AssertionError("unreachable: the empty text always fits")
