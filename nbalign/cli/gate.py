"""`nbalign gate`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from nbalign.cli.compare import across_judges_option, resamples_option, seed_option
from nbalign.cli.context import Session, json_option, note, print_json
from nbalign.cli.options import dimensions_option

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("run", metavar="RUN")
@click.option("--baseline", metavar="RUN", help="The run that it must not fall behind.")
@click.option(
    "--max-drop",
    type=float,
    default=0.2,
    show_default=True,
    metavar="X",
    help="Drop of a mean, in levels, that is not allowed any more.",
)
@click.option("--min-score", type=float, metavar="X", help="Least mean; fails where its whole interval lies below.")
@click.option("--max-missing", type=click.IntRange(0), metavar="N", help="Most notebooks that may be missing.")
@dimensions_option
@click.option("--strict", is_flag=True, help="Exit with 3 where a drop may be noise, or could not have been seen.")
@across_judges_option
@resamples_option
@seed_option
@click.option("--junit", type=_FILE, help="Also write JUnit XML here, a test case a dimension.")
@click.option("--markdown", "summary", type=_FILE, help="Also write a summary in Markdown here.")
@json_option
@click.pass_obj
def gate(
    session: Session,
    run: str,
    baseline: str | None,
    max_drop: float,
    min_score: float | None,
    max_missing: int | None,
    dimensions: tuple[str, ...],
    strict: bool,
    across_judges: bool,
    bootstrap: int,
    seed: int,
    junit: Path | None,
    summary: Path | None,
    as_json: bool,
) -> int:
    """Refuse a run that is worse than a baseline, and refuse to call noise worse.

    A dimension fails where its mean drops by at least --max-drop and chance alone hardly makes that. `noise` is such a
    drop that chance may have made; `blind` means that so few cases would easily have missed one. Neither fails,
    except with --strict.

    \b
    exit code 0  pass
              1  a regression, a mean that is too low, too many notebooks missing
              2  wrong use, such as runs that cannot be compared
              3  could not be judged
    """
    from nbalign.cli.compare_text import gate as text
    from nbalign.store.clock import now
    from nbalign.suite.compare.gating import gate as judge
    from nbalign.suite.report import junit as xml
    from nbalign.suite.report.markdown import markdown
    from nbalign.suite.report.saving import save

    with session.open() as workspace:
        scored = workspace.scored_run(run)
        other = None if baseline is None else workspace.scored_run(baseline)
        error = workspace.judge_error(scored.run)
    found = judge(
        scored,
        other,
        error,
        max_drop,
        min_score,
        dimensions,
        max_missing=max_missing,
        strict=strict,
        across_judges=across_judges,
        resamples=bootstrap,
        seed=seed,
    )
    if as_json:
        print_json(asdict(found))
    else:
        click.echo(text(found))
    if junit is not None:
        save(xml.junit(found, now()), junit, "JUnit report")
        note(f"JUnit: {junit}")
    if summary is not None:
        save(markdown(found), summary, "summary")
        note(f"summary: {summary}")
    return found.exit_code
