"""`nbalign doctor`."""

from __future__ import annotations

import os
import sys

import click

from nbalign.cli.context import Session, json_option, print_json

# State -> sign, sign without UTF-8, word, colour
_MARKS = {
    "ok": ("✔", "+", "ok", "green"),
    "warn": ("!", "!", "warning", "yellow"),
    "missing": ("✘", "x", "missing", "red"),
}


@click.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Say what this machine has and what is missing.

    Looks at Python, llama.cpp, GPU, memory, models, workspace, terminal and network, and changes nothing. The exit
    code is 0 when nbalign can be used, and 1 when something is missing that judging needs.
    """
    from dataclasses import asdict

    from nbalign.doctor import Check, examine, usable

    def show(check: Check) -> None:
        fancy, plain, word, colour = _MARKS[check.state]
        # The word stands beside the sign, and the sign beside the colour: none of them is the only way to tell.
        state = f"{fancy if utf8 else plain} {word:<8}"
        echo(f"{click.style(state, fg=colour)} {check.name:<{width}}  {check.finding}")
        if check.advice:
            echo(f"{' ' * (len(state) + width + 1)}  -> {check.advice}")

    def echo(line: str) -> None:
        line = line.encode(encoding, "replace").decode(encoding)
        click.echo(line, color=False if os.environ.get("NO_COLOR") else None)

    encoding = sys.stdout.encoding or "ascii"
    utf8 = encoding.lower().replace("-", "") == "utf8"
    session: Session = ctx.obj
    checks = examine(session.folder)
    ready = usable(checks)
    if as_json:
        print_json({"usable": ready, "checks": [asdict(check) for check in checks]})
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            show(check)
        echo("")
        echo("nbalign is ready to judge." if ready else "Something is missing: see the lines marked missing.")
    ctx.exit(0 if ready else 1)
