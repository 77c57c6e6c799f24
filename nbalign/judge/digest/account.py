"""What everything costs, counted in one call, and what a digest leaves out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nbalign.judge.digest.fit import Count, Fit
from nbalign.judge.digest.model import CellDigest, Line, Omission
from nbalign.notebooks.model import Notebook

_SAMPLE_CHARS = 20_000  # of one text are counted; the rest is taken to cost as much
_ALL_CHARS = 2_000_000  # of all texts together
_LEAST_SAMPLE = 500
_TIDIED_TOKENS = 4  # blanks and markup below this are not worth a word


@dataclass(frozen=True, slots=True)
class Account:
    """Tokens of a notebook's parts.

    Attributes:
        costs: Head, line or short form -> tokens with its line end.
        sources: Tokens of each cell's source, undigested.
        outputs: Tokens of each cell's outputs, undigested.
        removed: Tokens of what each cell's reduction removed, in its order.
        whole: All sources and outputs.
    """

    costs: dict[str, int]
    sources: tuple[int, ...]
    outputs: tuple[int, ...]
    removed: tuple[tuple[int, ...], ...]
    whole: int

    @classmethod
    def take(cls, notebook: Notebook, cells: Sequence[CellDigest], count: Count) -> Account:
        """Counts everything in one call; very long texts by a sample of them."""
        lines = [line for cell in cells for line in (*cell.source, *cell.output)]
        wanted = [cell.head for cell in cells] + [line.text for line in lines] + [line.short for line in lines]
        texts = list(dict.fromkeys(text for text in wanted if text))
        raw = [cell.source for cell in notebook.cells]
        raw += ["\n".join(output.text for output in cell.outputs) for cell in notebook.cells]
        raw += [removed.text for cell in cells for removed in cell.removed]
        most = max(_LEAST_SAMPLE, min(_SAMPLE_CHARS, _ALL_CHARS // max(1, len(raw))))
        counts = [int(tokens) for tokens in count([*(f"{text}\n" for text in texts), *(text[:most] for text in raw)])]
        costs = dict(zip(texts, counts, strict=False))
        sampled = counts[len(texts) :]
        scaled = [round(tokens * max(1.0, len(text) / most)) for tokens, text in zip(sampled, raw, strict=True)]
        size = len(notebook.cells)
        sources = [_with_cut(scaled[at], len(cell.source), cell.cut) for at, cell in enumerate(notebook.cells)]
        outputs = []
        for at, cell in enumerate(notebook.cells):
            chars = sum(len(output.text) for output in cell.outputs)
            outputs.append(_with_cut(scaled[size + at], chars, sum(output.cut for output in cell.outputs)))
        rest = iter(scaled[2 * size :])
        removed = tuple(tuple(next(rest) for _ in cell.removed) for cell in cells)
        return cls(costs, tuple(sources), tuple(outputs), removed, sum(sources) + sum(outputs))

    def of(self, lines: Iterable[Line], fit: Fit | None = None) -> int:
        """Tokens of lines as they are, or as a fit shows them."""
        if fit is None:
            return sum(self.costs.get(line.text, 0) for line in lines)
        return sum(self.costs.get(fit.shown(line), 0) for line in lines)


def _with_cut(tokens: int, chars: int, cut: int) -> int:
    """Tokens of a text of which the reader of notebooks cut characters off."""
    return tokens + (round(cut * tokens / chars) if chars else cut // 4)


def omissions(notebook: Notebook, cells: Sequence[CellDigest], fit: Fit, account: Account) -> tuple[Omission, ...]:
    """What a digest leaves out, in the order of the cells."""
    found: dict[str, tuple[list[int], int]] = {}
    for at, cell in enumerate(cells):
        for what, tokens in _of_cell(notebook, at, cell, fit, account):
            numbers, total = found.setdefault(what, ([], 0))
            if cell.number not in numbers[-1:]:
                numbers.append(cell.number)
            found[what] = numbers, total + max(0, tokens)
    ordered = sorted(found.items(), key=lambda item: (item[1][0][0], item[0]))
    return tuple(Omission(tuple(numbers), what, tokens) for what, (numbers, tokens) in ordered)


def _of_cell(notebook: Notebook, at: int, cell: CellDigest, fit: Fit, account: Account) -> Iterator[tuple[str, int]]:
    """What is left out of one cell, in words and tokens."""
    if not fit.shows(cell):
        yield "cell left out", account.sources[at] + account.outputs[at]
        return
    gone = {False: 0, True: 0}
    for removed, tokens in zip(cell.removed, account.removed[at], strict=True):
        gone[removed.of_output] += tokens
        yield removed.what, tokens
    read = notebook.cells[at]
    unread = round(account.sources[at] * read.cut / (read.cut + len(read.source))) if read.cut else 0
    if unread:
        yield "a part of a very long cell, left out when it was read", unread
    tidied = account.sources[at] - account.of(cell.source) - gone[False] - unread
    if tidied > _TIDIED_TOKENS:
        yield "markup, blank lines and long literals", tidied
    for line in cell.source:
        shown = fit.shown(line)
        if shown != line.text:
            what = line.what if not shown else f"{line.what} in full"
            yield what, account.costs[line.text] - account.costs.get(shown, 0)
    rows = sum(bool(row.strip()) for output in notebook.cells[at].outputs for row in output.text.splitlines())
    rows -= sum(len(removed.text.splitlines()) for removed in cell.removed if removed.of_output)
    kept = sum(bool(fit.shown(line)) for line in cell.output)
    trimmed = account.outputs[at] - account.of(cell.output, fit) - gone[True]
    if kept < rows and trimmed > 0:
        yield f"output trimmed from {rows} to {kept} lines", trimmed
