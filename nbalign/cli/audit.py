"""`nbalign audit`: what experts should label next, whether the judge holds, and how judges differ."""

from __future__ import annotations

from dataclasses import asdict

import click

from nbalign.cli.context import Session, json_option, print_json
from nbalign.cli.options import rubric_option
from nbalign.cli.rubric_meant import rubric_meant


@click.group()
def audit() -> None:
    """Watch a judge in use: pick notebooks for review, estimate its error, compare judges.

    \b
    1. nbalign audit pick     notebooks worth an expert's time, some of them random
    2. nbalign tui            label them, in the order shown
    3. nbalign audit status   the judge's error on the random ones, and whether to align again
    """


@audit.command()
@click.option(
    "-n", "--count", type=click.IntRange(1, 10_000), default=10, show_default=True, help="How many shall wait."
)
@click.option(
    "--random-share",
    type=click.FloatRange(0, 1),
    default=0.4,
    show_default=True,
    metavar="SHARE",
    help="Share of the new picks that are random, 0 to 1, rounded up.",
)
@click.option("--rater", metavar="NAME", help="Count this rater's scores alone: what others labelled may be picked.")
@rubric_option
@click.option(
    "--judge", metavar="NAME", help="Which judge, or the beginning of its name. Default: the one that judged last."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the random draw.")
@json_option
@click.pass_obj
def pick(
    session: Session,
    count: int,
    random_share: float,
    rater: str | None,
    rubric: str | None,
    judge: str | None,
    seed: int,
    as_json: bool,
) -> None:
    """Pick judged notebooks that nobody has labelled for an expert to review.

    Random ones come first: the judge's error on them is an unbiased estimate of its error on all that is unlabelled,
    so label them in the order shown. The others are those that the judge is unsure of and that are unlike the labelled
    ones: they teach most. Picks that wait already are shown again and count among the -n.
    """
    from nbalign.cli.audit_tables import print_picked
    from nbalign.cli.progress import shown

    with session.open() as workspace:
        rubric = rubric_meant(workspace, rubric)
        with shown() as progress:
            picked = workspace.audit_pick(
                count,
                random_share=random_share,
                rater=rater,
                rubric=rubric,
                judge=judge,
                seed=seed,
                progress=progress,
            )
    if as_json:
        print_json(asdict(picked))
    else:
        print_picked(picked)


@audit.command()
@rubric_option
@click.option(
    "--judge",
    metavar="NAME",
    help="Only this judge, or the beginning of its name. Default: the one that judged last, with others beside it.",
)
@json_option
@click.pass_obj
def status(session: Session, rubric: str | None, judge: str | None, as_json: bool) -> None:
    """Say how a judge's error holds, what is new among the labels, and whether to align again.

    The error comes from random picks that were labelled since and that the judge's memory has not learned from, with
    95% bootstrap intervals, beside what cross-validation promised.
    """
    from nbalign.cli.audit_tables import print_status

    with session.open() as workspace:
        found = workspace.audit_status(rubric=rubric_meant(workspace, rubric), judge=judge)
        titles = {d.id: d.title for d in workspace.rubric(found.rubric).dimensions}
    if as_json:
        print_json(asdict(found))
    else:
        print_status(found, titles)


@audit.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@rubric_option
@json_option
@click.pass_obj
def drift(session: Session, first: str, second: str, rubric: str | None, as_json: bool) -> None:
    """Show how the judgements of two judges differ on the notebooks that both judged.

    A and B are names of judges or memory versions, or the beginnings of them. Differences are B minus A; no label is
    needed.
    """
    from nbalign.cli.audit_tables import print_drift

    with session.open() as workspace:
        found = workspace.audit_drift(first, second, rubric=rubric_meant(workspace, rubric))
        scale = workspace.rubric(found.rubric).scale
    if as_json:
        print_json(asdict(found))
    else:
        print_drift(found, scale)
