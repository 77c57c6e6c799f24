"""Options that several commands share, word for word."""

from __future__ import annotations

import click

dimensions_option = click.option(
    "--dimension", "-d", "dimensions", multiple=True, metavar="ID", help="Only this dimension; repeatable."
)
rubric_option = click.option(
    "--rubric", metavar="ID", help="Which rubric. Default: ml-notebook, or the only one in use here."
)
model_option = click.option(
    "--model", metavar="NAME", help="Model name or .gguf file. Default: the best this machine holds."
)
evidence_option = click.option(
    "--evidence-tokens",
    type=click.IntRange(0, 4000),
    default=120,
    show_default=True,
    metavar="N",
    help="Tokens of facts that the model is shown with each question; 0: none.",
)
threads_option = click.option(
    "--threads", type=click.IntRange(1, 512), help="CPU threads. Default: cores, within the quota."
)
cell_timeout_option = click.option(
    "--cell-timeout",
    type=click.FloatRange(0.1, 86_400),
    default=60.0,
    show_default=True,
    metavar="S",
    help="Seconds of a cell; then it is interrupted.",
)
timeout_option = click.option(
    "--timeout",
    type=click.FloatRange(0.1, 864_000),
    default=600.0,
    show_default=True,
    metavar="S",
    help="Seconds of all cells of a notebook.",
)
memory_option = click.option(
    "--memory-mb",
    type=click.IntRange(256, 1 << 20),
    default=2048,
    show_default=True,
    metavar="MB",
    help="Memory of a notebook with all processes it starts.",
)
unsafe_option = click.option(
    "--unsafe", is_flag=True, help="Where no sandbox can be had, run the code with all your rights."
)
