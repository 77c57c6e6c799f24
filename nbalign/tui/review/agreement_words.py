"""How a judge and the raters agree, as tables of plain lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content

from nbalign.evaluate.metrics import Comparison
from nbalign.evaluate.results import Agreement, mean
from nbalign.evaluate.review import OwnAgreement
from nbalign.tui.page import Line, lines_of, side_by_side
from nbalign.tui.plain import content, one_line

_TITLE = 20  # columns of a dimension's title at least
_FIGURES = 34  # columns of the figures beside it
_LEAST = _TITLE + _FIGURES + 2

_PURPOSE = (
    "Here you see how near a judge comes to your scores, and to the settled ones of all raters, and how the raters "
    "agree with each other. Score some notebooks first."
)
_NO_JUDGE = "No judge has scored anything yet: nbalign judge, or the room of models."
_LEGEND = (
    "n: pairs that both scored on the levels. MAE: mean distance in points of the scale; bias: judge minus the other "
    "side; exact: equal scores; QWK: quadratic weighted kappa; alpha: Krippendorff's, ordinal: both 1 for perfect "
    "agreement, 0 for chance. N/A is never averaged with scores. Mean: every dimension counts the same."
)


def agreement_lines(found: OwnAgreement, rater: str, caveat: str, width: int) -> list[Line]:
    """The tables.

    Args:
        found: The figures.
        rater: Whose scores they rest on.
        caveat: What must be known before they are believed; empty for nothing.
        width: Columns.
    """
    who, judge = one_line(rater, 40), one_line(found.mine.judge, 60)
    if not found.scored:
        title = content(("You have scored nothing yet.", "bold"))
        return [*lines_of(title, width), Line(Content("")), *lines_of(content(_PURPOSE), width)]
    intro = (
        f"On the {found.scored:,} pairs of notebook and dimension that {who} scored, and on no others: figures would "
        "tell something of what you have not scored yet. All of them: nbalign agreement."
    )
    tables: list[Callable[[int], Sequence[Content]]] = [lambda room: _raters_table(found, room)]
    if judge:
        tables[:0] = [
            lambda room: _judge_table(f"{judge} against you", found.mine, room),
            lambda room: _judge_table(f"{judge} against the settled scores of all raters", found.settled, room),
        ]
    lines = [*lines_of(content(intro), width), Line(Content(""))]
    if not judge:
        lines += [*lines_of(content((_NO_JUDGE, "$text-muted")), width), Line(Content(""))]
    lines += [Line(line) for line in side_by_side(tables, width, _LEAST)]
    lines += [Line(Content("")), *lines_of(content((_LEGEND, "$text-muted")), width)]
    if caveat:
        lines += [Line(Content("")), *lines_of(content((f"! {one_line(caveat, 1000)}", "$text-warning")), width)]
    return lines


def _judge_table(title: str, agreement: Agreement, width: int) -> list[Content]:
    rows = [(row.title, _judge_figures(row.judge)) for row in agreement.rows]
    total = agreement.macro
    end = (str(total.ordinal), _number(total.mae), _signed(total.bias), _percent(total.exact), _number(total.kappa))
    return _table(title, ("n", "MAE", "bias", "exact", "QWK"), [*rows, ("mean", end)], width)


def _judge_figures(found: Comparison) -> tuple[str, ...]:
    return str(found.ordinal), _number(found.mae), _signed(found.bias), _percent(found.exact), _number(found.kappa)


def _raters_table(found: OwnAgreement, width: int) -> list[Content]:
    rows = [
        (
            row.title,
            (
                str(row.raters.ordinal),
                _number(row.raters.mae),
                _percent(row.raters.exact),
                _number(row.raters.kappa),
                _number(found.alpha.get(row.dimension)),
            ),
        )
        for row in found.settled.rows
    ]
    raters = [row.raters for row in found.settled.rows]
    end = (
        str(sum(row.ordinal for row in raters)),
        _number(mean(row.mae for row in raters)),
        _percent(mean(row.exact for row in raters)),
        _number(mean(row.kappa for row in raters)),
        _number(mean(found.alpha.values())),
    )
    names = one_line(", ".join(found.settled.raters), 60)
    title = (
        f"raters against each other: {names}" if len(found.settled.raters) > 1 else "raters: nobody else scored these"
    )
    return _table(title, ("n", "MAE", "exact", "QWK", "alpha"), [*rows, ("mean", end)], width)


def _table(title: str, header: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]], width: int) -> list[Content]:
    room = max(width - _FIGURES, 8)
    lines = [
        content((one_line(title, 200), "bold")).truncate(width, ellipsis=True),
        content((" " * room + _figures(header), "$text-muted")),
    ]
    for name, figures in rows:
        cut = content(one_line(name, 80)).truncate(room - 1, ellipsis=True)
        line = content(cut.pad_right(max(room - cut.cell_length, 0)), _figures(figures))
        lines.append(line.stylize("bold") if name == "mean" else line)
    return lines


def _figures(values: Sequence[str]) -> str:
    return "".join(f"{value:>{width}}" for value, width in zip(values, (6, 7, 7, 7, 7), strict=True))


def _number(value: float | None) -> str:
    return "–" if value is None else "0.00" if round(value, 2) == 0 else f"{value:.2f}"


def _signed(value: float | None) -> str:
    return _number(value) if value is None or round(value, 2) == 0 else f"{value:+.2f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
