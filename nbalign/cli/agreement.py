"""`nbalign agreement`: how near a judge is to the raters, and the raters to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import Session, json_option, print_json, print_table, short_names
from nbalign.cli.figures import clean, number, percent, signed, wrap
from nbalign.cli.options import rubric_option
from nbalign.cli.rubric_meant import elsewhere, rubric_meant

if TYPE_CHECKING:
    from nbalign.evaluate.beside import Beside
    from nbalign.evaluate.results import Agreement, Row

_HEADER = ("dimension", "pairs", "MAE", "bias", "exact", "QWK", "constant", "raters", "N/A")
_DEFAULT = "ml-notebook"  # what every command takes that is told no rubric
_LEGEND = (
    "pairs: both scored {levels}. MAE: mean distance of judge and raters' settled score; bias: judge minus raters. "
    "exact: equal scores. QWK: quadratic weighted kappa. constant: MAE of always giving the median of the other "
    "notebooks. raters: MAE between raters, the noise floor. N/A: both / judge only / raters only. Mean: every "
    "dimension counts the same."
)


@click.command()
@rubric_option
@click.option(
    "--judge",
    "judges",
    metavar="NAME",
    multiple=True,
    help="Which judge, or the beginning of its name; `evidence` for the facts read off the code, with no model. "
    "Several are compared on what all of them scored. Default: the judge that scored something last.",
)
@click.option("--dimension", "dimensions", metavar="ID", multiple=True, help="Only this dimension; may be repeated.")
@click.option(
    "--rater", "raters", metavar="NAME", multiple=True, help="Only this rater (and decisions); may be repeated."
)
@click.option("--confusion", is_flag=True, help="Print the confusion matrix of each dimension as well.")
@click.option("--scores", is_flag=True, help="Print both scores of every judged notebook as well.")
@json_option
@click.pass_obj
def agreement(
    session: Session,
    rubric: str | None,
    judges: tuple[str, ...],
    dimensions: tuple[str, ...],
    raters: tuple[str, ...],
    confusion: bool,
    scores: bool,
    as_json: bool,
) -> None:
    """Compare the judge with raters, and raters with each other.

    Two yardsticks stand beside the judge: a constant that always gives the median, and the raters' own distance from
    each other. Scores and "not applicable" are never averaged together.

    With --judge given several times, one table shows the error of each in each dimension: what a model adds to the
    facts alone, for instance.
    """
    if len(set(judges)) > 1:
        if confusion or scores:
            raise click.UsageError("--confusion and --scores are about one judge: give --judge once.")
        from nbalign.cli.arms import compare_arms

        compare_arms(session, judges, rubric, dimensions, raters, as_json)
        return
    from nbalign.cli.progress import shown
    from nbalign.evaluate.evidence import speaks_of
    from nbalign.evaluate.scored import EVIDENCE

    judge = judges[0] if judges else None
    with session.open() as workspace:
        rubric = rubric_meant(workspace, rubric)
        with shown() as progress:
            result = workspace.agreement(rubric=rubric, judge=judge, raters=list(raters) or None, progress=progress)
        pairs = workspace.beside(rubric=rubric, judge=judge, raters=list(raters) or None) if scores else ()
        names = workspace.names() if scores else {}
        caveat = workspace.caveat([result.judge])
        others = [(name, count) for name, count, _ in workspace.judges(rubric) if name != result.judge]
        others_have = "" if result.macro.n else elsewhere(workspace, result.rubric)
        facts = result.judge != EVIDENCE and speaks_of(workspace.rubric(rubric))
    if dimensions:
        from nbalign.evaluate.results import only

        result = only(result, dimensions)
        pairs = tuple(replace(pair, scores={d: pair.scores[d] for d in dimensions}) for pair in pairs)
    if as_json:
        print_json(
            {
                **asdict(result),
                "summary": result.summary,
                "caveat": caveat or None,
                "other_judges": [name for name, _ in others],
                **({"scores": [{"name": names[p.notebook], **asdict(p)} for p in pairs]} if scores else {}),
            }
        )
        return
    if pairs:
        _print_scores(pairs, names, result)
    print_agreement(result, confusion=confusion)
    if others_have:
        click.echo(wrap(clean(others_have)))
    if others:
        listed = ", ".join(f"{name} ({count} notebook{'s' * (count != 1)})" for name, count in others)
        click.echo("\n" + wrap(clean(f"other judges here, with --judge NAME: {listed}")))
    if facts and result.labels:
        beside = f"--judge {result.judge} " if result.judge else ""
        click.echo("\n" + clean(f"the facts read off the code as a judge, with no model: {beside}--judge evidence"))
    if caveat:
        click.echo("\n" + wrap(caveat))


def print_agreement(result: Agreement, *, confusion: bool = False) -> None:
    """Prints an agreement: what it is about, the table, what was left out, and the summary in words.

    Args:
        result: Of any size; where there is nothing to compare, says what to do next.
        confusion: Whether to print confusion matrices as well.
    """
    missing = _missing(result)
    if missing and not result.macro.rater_pairs:
        click.echo(missing)
        for line in _left_out(result):
            click.echo(line)
        return
    click.echo(clean(f"{result.rubric} version {result.rubric_version}"))
    click.echo(clean(f"judge: {result.judge or 'none yet'}"))
    click.echo(clean(f"raters: {', '.join(result.raters) or 'none'}") + "\n")
    print_table(_HEADER, [*[_line(row) for row in result.rows], _mean(result)], right=range(1, len(_HEADER)))
    if confusion:
        for row in result.rows:
            if row.judge.n:
                _print_confusion(row, result)
    click.echo("\n" + wrap(result.summary))
    if missing:
        click.echo(missing)
    for line in _left_out(result):
        click.echo(line)
    click.echo("\n" + wrap(_LEGEND.format(levels=f"{result.levels[0]} to {result.levels[-1]}")))


def _print_scores(pairs: tuple[Beside, ...], names: Mapping[str, str], result: Agreement) -> None:
    """Prints judge·raters for every judged notebook; a star marks where they differ."""
    na = next((v for v, name in zip(result.values, result.value_names, strict=True) if name == "N/A"), None)

    def shown(score: int | None) -> str:
        return "–" if score is None else "N/A" if score == na else str(score)

    columns = [row.dimension for row in result.rows]
    rows = [
        [
            names[pair.notebook],
            *[
                f"{shown(judge)}·{shown(raters)}{' ' if None in (judge, raters) or judge == raters else '*'}"
                for judge, raters in (pair.scores[column] for column in columns)
            ],
        ]
        for pair in pairs
    ]
    short = short_names(columns)
    click.echo("judge·raters, * where they differ")
    print_table(["notebook", *short], rows, right=range(1, len(short) + 1))
    click.echo(wrap("  ".join(f"{s} {c}" for s, c in zip(short, columns, strict=True))) + "\n")


def _missing(result: Agreement) -> str:
    """What to do where judge and raters have nothing in common; empty where they have."""
    if result.macro.n:
        return ""
    lines = []
    here, option = f"under {result.rubric}", "" if result.rubric == _DEFAULT else f" --rubric {result.rubric}"
    if not result.judgements:
        lines.append(f"no judgements yet {here}: `nbalign judge{option}` scores notebooks with a local model")
    if not result.labels:
        lines.append(
            f"no labels yet {here}: `nbalign label import FILE{option}` takes scores from a file, "
            f"`nbalign tui{option}` asks for them"
        )
    if not lines and any(row.unresolved for row in result.rows):
        lines.append(
            f"no settled score in common: raters disagree on whatever was judged; decide it in `nbalign tui{option}`"
        )
    elif not lines:
        lines.append(
            f"nothing in common: {result.judgements} judgements and {result.labels} labels are about different "
            "notebooks or dimensions; judge the labelled notebooks or label the judged ones"
        )
    return "\n".join(lines)


def _left_out(result: Agreement) -> list[str]:
    """What the table does not count, one line each."""
    rows = result.rows
    counts = (
        (sum(row.unresolved for row in rows), "judged, but the raters disagree and nobody has decided"),
        (sum(row.unlabelled for row in rows), "judged, but scored by no rater"),
        (sum(row.unjudged for row in rows), "scored by raters, but not judged"),
        (result.not_in_rubric, "judgements or labels of a dimension or score that this rubric does not have"),
    )
    lines = [f"not compared: {count} {what}" for count, what in counts if count]
    if result.other_text:
        lines.append(f"note: {result.other_text} judgements were made with another text of this rubric")
    return lines


def _line(row: Row) -> list[str]:
    judge, na = row.judge, row.judge.na
    return [
        row.dimension,
        str(judge.ordinal),
        number(judge.mae),
        signed(judge.bias),
        percent(judge.exact),
        number(judge.kappa),
        number(row.constant_mae),
        number(row.raters.mae),
        f"{na.both}/{na.only_a}/{na.only_b}",
    ]


def _mean(result: Agreement) -> list[str]:
    macro = result.macro
    return [
        "mean",
        str(macro.ordinal),
        number(macro.mae),
        signed(macro.bias),
        percent(macro.exact),
        number(macro.kappa),
        number(macro.constant_mae),
        number(macro.rater_mae),
        f"{macro.na_both}/{macro.na_only_judge}/{macro.na_only_truth}",
    ]


def _print_confusion(row: Row, result: Agreement) -> None:
    names = [
        str(value) if name == str(value) else f"{value} {name}"
        for value, name in zip(result.values, result.value_names, strict=True)
    ]
    click.echo(f"\n{row.dimension}: rows the raters' settled score, columns the judge")
    table = [[name, *map(str, counts)] for name, counts in zip(names, row.judge.confusion, strict=True)]
    print_table(["", *names], table, right=range(1, len(names) + 1))
