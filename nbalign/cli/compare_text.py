"""How comparisons, boards, gates and climbs look on a terminal: plain text, whatever stands in names."""

from __future__ import annotations

from collections.abc import Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from nbalign.cli.evaluate_layout import Column, blocks, printed, table, wrapped

if TYPE_CHECKING:
    from nbalign.suite.compare.board import Board
    from nbalign.suite.compare.climb import Ascent, Variant
    from nbalign.suite.compare.gate_model import Verdict
    from nbalign.suite.compare.model import Comparison, Interval, Row

_NARROWEST = 60
_MOST_CHANGED = 5
_CHANGED_ROOM = 44  # columns of the other parts of such a line, and of `, 3 more`
_LEGEND = (
    "change: second run minus first, paired by case, as judged. true: the same between what raters would have settled "
    "on, with the judge's error in the interval. +/-/=: cases higher, lower, equal. N/A: cases that went to N/A / came "
    "from it. p: after Holm's correction over the dimensions; ▲ ▼ below 0.05. sees: the change that these cases show "
    "four times out of five. The last row is one question and not corrected."
)
_BOARD = (
    "mean: over dimensions, on the cases that all runs have. behind: how far below the highest run, paired by case. "
    "p: after Holm's correction over the runs; ▼ below 0.05."
)
_CLIMB = (
    "mean: over all dimensions, on the cases of each run, so that means of different cases do not compare. The changes "
    "are paired by case; ▲ ▼: more than chance explains. ★: the best so far, which a variant becomes only where it is "
    "ahead by more than chance explains."
)


def comparison(found: Comparison, width: int | None = None) -> str:
    """Everything the terminal shows of a comparison; lines of at most `width` columns, where 60 suffice."""
    from nbalign.evaluate.report.words import line, p_value
    from nbalign.suite.compare.sentences import verdict
    from nbalign.suite.report.compare_page import power_words

    width = _width(width)
    rows = [*found.rows, *([found.macro] if len(found.rows) > 1 else [])]
    columns = [
        Column(line(found.a.name, 14), [_mean(row.a.mean) for row in rows]),
        Column(line(found.b.name, 14), [_mean(row.b.mean) for row in rows]),
        Column("change", [_change(row) for row in rows]),
        Column("95% interval", [_span(row.judged) for row in rows]),
    ]
    if found.error is not None:
        columns.append(Column("true", [_signed(row.true) for row in rows]))
        columns.append(Column("95% interval", [_span(row.true) for row in rows]))
    columns += [
        Column("cases", [str(row.pairs) for row in rows]),
        Column("+/-/=", [f"{row.wins}/{row.losses}/{row.ties}" for row in rows]),
        Column("N/A", [f"{row.to_na}/{row.from_na}" for row in rows]),
        Column("p", [p_value(row.adjusted) if row.pairs else "–" for row in rows]),
        Column("sees", [power_words(row.power) for row in rows]),
    ]
    parts = [
        *(wrapped(sentence, width) for sentence in verdict(found)[:1]),
        _tables([line(row.title, 28) for row in rows], columns, width),
        wrapped(_LEGEND, width),
        "\n".join(wrapped(sentence, width) for sentence in verdict(found)[1:]),
        _changed(found, width),
        _notes(found.notes, width),
    ]
    return "\n\n".join(part for part in parts if part)


def leaderboard(found: Board, width: int | None = None) -> str:
    """Everything the terminal shows of several runs."""
    from nbalign.cli.context import short_names
    from nbalign.evaluate.report.words import line, p_value
    from nbalign.suite.compare.sentences import standing

    width = _width(width)
    places = found.places
    columns = [Column("mean", [_mean(place.mean) for place in places])]
    columns.append(Column("95% interval", [_span(place.mean, plain=True) for place in places]))
    if any(place.true is not None for place in places):
        columns.append(Column("true", [_mean(place.true) for place in places]))
        columns.append(Column("95% interval", [_span(place.true, plain=True) for place in places]))
    columns.append(
        Column("behind", [_mean(place.behind) + (" ▼" if place.distinguishable else "") for place in places])
    )
    columns.append(Column("p", [p_value(place.adjusted) if place.behind else "–" for place in places]))
    short = short_names([dimension for dimension, _ in found.dimensions])
    if len(found.dimensions) > 1:
        for head, (dimension, _) in zip(short, found.dimensions, strict=True):
            columns.append(Column(line(head, 8), [_mean(place.dimensions[dimension]) for place in places]))
    legend = "  ".join(f"{line(s, 8)} {line(title, 40)}" for s, (_, title) in zip(short, found.dimensions, strict=True))
    parts = [
        "\n".join(wrapped(sentence, width) for sentence in standing(found)),
        _tables([line(place.run.name, 28) for place in places], columns, width, head="run"),
        wrapped(_BOARD, width),
        wrapped(legend, width) if len(found.dimensions) > 1 else "",
        _notes(found.notes, width),
    ]
    return "\n\n".join(part for part in parts if part)


def gate(found: Verdict, width: int | None = None) -> str:
    """Everything the terminal shows of a gate: the outcome, each dimension with its reason, the notes."""
    from nbalign.evaluate.report.words import line, p_value

    width = _width(width)
    checks = found.checks
    header = ["", "dimension", "mean"]
    rows = [[_mark(check.state), line(check.title, 28), _mean(check.mean)] for check in checks]
    if found.against:
        header = ["", "dimension", "baseline", "run", "change", "95% interval", "p"]
        rows = [
            [
                _mark(check.state),
                line(check.title, 28),
                _mean(check.baseline),
                _mean(check.mean),
                _signed(check.change),
                _span(check.change),
                p_value(check.adjusted) if check.change else "–",
            ]
            for check in checks
        ]
    told = [check for check in checks if check.state != "pass"]
    reasons = [wrapped(f"{line(check.title, 60)}, {check.state}: {check.sentence}", width, "  ") for check in told]
    missing = ""
    if found.missing or found.baseline_missing:
        beside = f", the baseline {found.baseline_missing}" if found.against else ""
        missing = wrapped(f"missing notebooks: the run lacks {found.missing}{beside}", width)
    parts = [
        wrapped(found.headline, width),
        printed(header, rows, range(2, len(header))),
        "\n".join(reasons),
        missing,
        _notes(found.notes, width),
    ]
    return "\n\n".join(part for part in parts if part)


def ascent(found: Ascent, width: int | None = None) -> str:
    """Everything the terminal shows of a climb: a line a variant, then what each gained and paid."""
    from nbalign.evaluate.report.words import line

    width = _width(width)
    variants = found.variants
    rows = [
        [
            str(one.step.position),
            f"{line(one.step.run, 24)}{' ★' if one.step.run == found.best else ''}",
            _mean(one.mean),
            _span(one.mean, plain=True),
            _signed(one.from_start),
            _signed(one.from_best) + (" ▲" if one.better else " ▼" if one.worse else ""),
            line(one.against, 18) or "–",
        ]
        for one in variants
    ]
    header = ["", "run", "mean", "95% interval", "from start", "from best", "which was"]
    parts = [
        wrapped(found.summary, width),
        printed(header, rows, range(2, 6)),
        "\n".join(_told(one, width) for one in variants),
        wrapped(_CLIMB, width),
        _notes(found.notes, width),
    ]
    return "\n\n".join(part for part in parts if part)


def _told(one: Variant, width: int) -> str:
    from nbalign.evaluate.report.words import line

    changed = f" ({line(one.step.changed, 200)})" if one.step.changed else ""
    said = f"cannot be compared: {line(one.problem, 300)}" if one.problem else one.sentence
    return wrapped(f"{line(one.step.run, 60)}{changed}: {said}", width, "  ")


def _changed(found: Comparison, width: int) -> str:
    from nbalign.evaluate.report.words import line

    def shown(score: int) -> str:
        return "N/A" if score == found.not_applicable else str(score)

    rows = []
    for one in found.changed[:_MOST_CHANGED]:
        moves = [f"{line(move.dimension, 24)} {shown(move.before)}>{shown(move.after)}" for move in one.moves]
        told: list[str] = []
        while moves and (not told or len(", ".join([*told, moves[0]])) <= width - _CHANGED_ROOM):
            told.append(moves.pop(0))
        said = ", ".join(told) + (f", {len(moves)} more" if moves else "")
        rows.append([line(one.case, 24) + (f" #{one.repeat}" if one.repeat > 1 else ""), str(one.levels), said])
    return printed(["changed most", "levels", "dimensions"], rows, [1]) if rows else ""


def _tables(heads: list[str], columns: Sequence[Column], width: int, head: str = "dimension") -> str:
    first = Column(head, heads)
    return "\n\n".join(table([first, *block]) for block in blocks(columns, width + 2 - first.width))


def _notes(notes: Sequence[str], width: int) -> str:
    return "\n".join(wrapped(f"note: {note}", width, "  ") for note in notes)


def _mark(state: str) -> str:
    return {"pass": "ok", "regression": "FAIL", "too low": "FAIL"}.get(state, state)


def _mean(interval: Interval | None) -> str:
    from nbalign.evaluate.report.words import number

    return number(interval.value if interval else None)


def _signed(interval: Interval | None) -> str:
    from nbalign.evaluate.report.words import signed

    return signed(interval.value if interval else None)


def _span(interval: Interval | None, plain: bool = False) -> str:
    from nbalign.evaluate.report.words import NONE, span

    return span(interval, sign=not plain) or NONE


def _change(row: Row) -> str:
    mark = "" if not row.significant or row.judged is None else " ▲" if row.judged.value > 0 else " ▼"
    return _signed(row.judged) + (mark or "  ")


def _width(width: int | None) -> int:
    return max(_NARROWEST, width or get_terminal_size().columns)
