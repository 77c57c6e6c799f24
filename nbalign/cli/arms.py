"""What `nbalign agreement` prints when it is asked for several judges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import Session, print_json, print_table
from nbalign.cli.figures import clean, number, percent, signed, wrap
from nbalign.cli.rubric_meant import rubric_meant

if TYPE_CHECKING:
    from nbalign.evaluate.arms import Arms, ArmsRow
    from nbalign.evaluate.results import Agreement

_LEGEND = (
    "First table: mean distance (MAE) from the raters' settled score where all of them and the raters gave a level; "
    "constant: always the median of the other notebooks. Second table: each on all that it scored; N/A: both / it "
    "alone / raters alone. Means count every dimension the same."
)


def compare_arms(
    session: Session,
    judges: Sequence[str],
    rubric: str | None,
    dimensions: Sequence[str],
    raters: Sequence[str],
    as_json: bool,
) -> None:
    """Compares several judges with the raters; the arguments are the options of `nbalign agreement`."""
    from nbalign.cli.progress import shown
    from nbalign.evaluate.arms import only_dimensions

    with session.open() as workspace:
        rubric = rubric_meant(workspace, rubric)
        with shown() as progress:
            result = workspace.arms(judges, rubric=rubric, raters=list(raters) or None, progress=progress)
        caveat = workspace.caveat(result.names)
    if dimensions:
        result = only_dimensions(result, dimensions)
    if as_json:
        print_json({**asdict(result), "caveat": caveat or None})
        return
    print_arms(result)
    if caveat:
        click.echo("\n" + wrap(caveat))


def print_arms(result: Arms) -> None:
    """Prints a table of errors by dimension and arm, and one line an arm on all that it scored."""
    letters = [chr(ord("A") + n) if n < 26 else str(n + 1) for n in range(len(result.names))]
    click.echo(clean(f"{result.rubric} version {result.rubric_version}"))
    for letter, name in zip(letters, result.names, strict=True):
        click.echo(f"{letter}: {clean(name)}")
    click.echo("")
    if not result.mean.pairs:
        click.echo("Nothing to compare: there is no notebook and dimension that the raters and all of these scored.\n")
    else:
        header = ["dimension", "pairs", *letters, "constant"]
        print_table(header, [_row(row) for row in (*result.rows, result.mean)], right=range(1, len(header)))
        if result.left_out:
            click.echo(f"not compared: {result.left_out} settled scores for which one of them gave N/A or nothing")
        click.echo("")
    header = ["", "pairs", "MAE", "bias", "exact", "QWK", "N/A"]
    rows = [_alone(letter, one) for letter, one in zip(letters, result.alone, strict=True)]
    print_table(header, rows, right=range(1, len(header)))
    click.echo("\n" + wrap(_LEGEND))


def _row(row: ArmsRow) -> list[str]:
    return [row.dimension, str(row.pairs), *[number(error) for error in row.mae], number(row.constant_mae)]


def _alone(letter: str, one: Agreement) -> list[str]:
    macro = one.macro
    return [
        letter,
        str(macro.ordinal),
        number(macro.mae),
        signed(macro.bias),
        percent(macro.exact),
        number(macro.kappa),
        f"{macro.na_both}/{macro.na_only_judge}/{macro.na_only_truth}",
    ]
