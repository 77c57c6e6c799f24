"""How the `audit` commands show picks, errors and drift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import print_table
from nbalign.cli.figures import clean, number, percent, signed, wrap

if TYPE_CHECKING:
    from nbalign.audit.drift import Drift
    from nbalign.audit.model import AuditStatus, JudgeAudit, Picked
    from nbalign.evaluate.experiment.model import Interval
    from nbalign.rubrics.model import Scale

_LEGEND = (
    "picks: random ones with a settled score that its memory has not learned from. MAE: mean distance of judge and "
    "raters, with its 95% interval; bias: judge minus raters. promised: MAE in cross-validation. ▲: significantly "
    "above it (by chance in one of forty). N/A: judge only / raters only. mean: every dimension counts the same."
)


def print_picked(picked: Picked) -> None:
    """Prints what waits for review, and what to do next."""
    from nbalign.notebooks.sanitise import clean_line

    if not picked.waiting:
        what = "Every notebook that it judged is labelled" if picked.judged else "It has judged nothing"
        click.echo(wrap(clean(f"Nothing to review for {picked.judge}: {what}.")))
        click.echo(wrap("Bring more in and judge them: nbalign import PATHS, then nbalign judge."))
        return
    rows = [
        [str(n), clean_line(shown.name, 60), shown.pick.why, clean(shown.reason)]
        for n, shown in enumerate(picked.waiting, 1)
    ]
    print_table(["", "notebook", "why", "reason"], rows, right=[0])
    new = sum(shown.new for shown in picked.waiting)
    click.echo("")
    click.echo(
        wrap(
            clean(
                f"judge {picked.judge}: {picked.judged} judged, {picked.candidates} of them unlabelled; {new} new, "
                f"{len(picked.waiting) - new} picked before."
            )
        )
    )
    click.echo(wrap("next: nbalign tui, and label them in this order; then nbalign audit status"))


def print_status(status: AuditStatus, titles: Mapping[str, str]) -> None:
    """Prints the verdict first, then what it rests on."""
    click.echo(status.verdict.sentence)
    for reason in status.verdict.reasons:
        click.echo(wrap(f"- {reason}"))
    click.echo("")
    news = status.news
    if news.memory:
        click.echo(
            wrap(
                clean(
                    f"labels since memory {news.memory} of {news.at[:10]}: {news.new} new, {news.changed} changed, "
                    f"{news.gone} taken back or left out; it learned from {news.learned}"
                )
            )
        )
    else:
        click.echo(
            f"labels: on {news.labelled} notebook{'s' * (news.labelled != 1)}; no memory was ever made from them"
        )
    if not status.random and not status.other:
        click.echo(wrap("picks: none yet. nbalign audit pick chooses judged notebooks for review."))
    else:
        click.echo(
            wrap(
                f"picks: {status.random} random ({status.random_labelled} labelled), {status.other} others "
                f"({status.other_labelled} labelled); {status.waiting} waiting"
            )
        )
    if not status.judges:
        click.echo(wrap(f"judges: nothing has been judged under {status.rubric} yet: nbalign judge"))
    told = [judge for judge in status.judges if judge.labelled]
    for judge in status.judges:
        _print_judge(judge, titles)
    if told:
        click.echo("\n" + wrap(_LEGEND))
        if any(judge.labelled < 10 for judge in told):
            click.echo(wrap("Fewer than ten picks: the intervals are narrower than what is really known."))


def _print_judge(judge: JudgeAudit, titles: Mapping[str, str]) -> None:
    memory = f"memory {judge.memory}" if judge.memory else "unaligned"
    click.echo("\n" + wrap(clean(f"judge {judge.judge} ({memory}): {judge.judged} notebooks judged")))
    if judge.learned:
        click.echo(wrap(f"{judge.learned} labelled random picks left out: its memory learned from them"))
    if not judge.labelled:
        click.echo(wrap("no labelled random pick yet, so no unbiased error: nbalign audit pick, then label"))
        return
    rows = [
        [
            clean(titles.get(row.dimension, "mean")),
            str(row.notebooks),
            number(row.mae.value if row.mae else None),
            _ends(row.mae),
            signed(row.bias),
            number(row.promised.value if row.promised else None),
            "▲" if row.worse else "",
            f"{row.na_judge_only}/{row.na_raters_only}",
        ]
        for row in judge.rows
        if row.notebooks
    ]
    print_table(["dimension", "picks", "MAE", "95%", "bias", "promised", "", "N/A"], rows, right=[1, 2, 4, 5])
    if promise := judge.promise:
        click.echo(wrap(clean(f"promised by experiment {promise.experiment} of {promise.at[:10]}, arm {promise.arm}")))
    click.echo("")
    over = [
        [each.at[:16].replace("T", " "), f"{each.labelled} of {each.picked}", _figure(each.mae)]
        for each in judge.rounds
    ]
    print_table(["random picks of", "labelled", "mean MAE"], over)


def print_drift(drift: Drift, scale: Scale) -> None:
    """Prints how two judges differ, and the notebooks that changed most."""
    from nbalign.notebooks.sanitise import clean_line

    click.echo(wrap(clean(f"from {drift.first} to {drift.second}: {drift.notebooks} notebooks judged by both")))
    if drift.only_first or drift.only_second:
        click.echo(wrap(f"left out: {drift.only_first} judged by the first alone, {drift.only_second} by the second"))
    if not drift.notebooks:
        click.echo(wrap("Nothing to compare: judge the same notebooks with both."))
        return
    rows = [
        [
            row.dimension or "mean",
            str(row.notebooks),
            signed(row.shift.value if row.shift else None),
            _ends(row.shift),
            percent(row.changed),
            f"{row.became_na}/{row.was_na}",
        ]
        for row in drift.rows
    ]
    print_table(["dimension", "scores", "shift", "95%", "changed", "N/A"], rows, right=[1, 2, 4])
    most = [
        [
            row.dimension,
            clean_line(change.name, 60),
            f"{_score(change.before, scale)} → {_score(change.after, scale)}",
            signed(change.moved),
        ]
        for row in drift.rows
        for change in row.most
    ]
    if most:
        click.echo("\nchanged most")
        print_table(["dimension", "notebook", "score", "shift"], most, right=[3])
    click.echo(
        "\n"
        + wrap(
            "shift: mean change of the expected score, second minus first, with its 95% interval. changed: share of "
            "scores that are not the same. N/A: became / was."
        )
    )


def _score(score: int, scale: Scale) -> str:
    return "N/A" if score == scale.not_applicable else str(score)


def _ends(interval: Interval | None) -> str:
    return f"[{number(interval.low)}, {number(interval.high)}]" if interval else "–"


def _figure(interval: Interval | None) -> str:
    return f"{number(interval.value)} {_ends(interval)}" if interval else "–"
