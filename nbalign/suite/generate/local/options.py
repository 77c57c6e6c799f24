"""What can be set of the local generator."""

from __future__ import annotations

from dataclasses import dataclass

from nbalign.errors import UsageError


@dataclass(frozen=True, slots=True)
class LocalOptions:
    """How the local model writes.

    Attributes:
        model: Name, file name or path of a model; None takes the best that this machine holds.
        temperature: 0 writes what is most probable, and every repeat alike; 0 to 2.
        steps: Most steps of the plan, each a heading, a sentence and a code cell; 1 to 20.
        cell_tokens: Most tokens of a code cell.
        tokens: Most tokens written for a notebook, failed attempts included.
        mends: Most attempts to mend one failing cell.
        mends_in_all: Most such attempts in a notebook.
        instructions: Said to the model beside the task, such as "Do not split the data."; may be empty.
        context: Tokens of context; cut down to what the model was trained for.
        threads: CPU threads; None follows the machine and its quota.
        gpu_layers: Layers on the GPU; -1 means all where the build has one.

    Raises:
        UsageError: If a value cannot be.
    """

    model: str | None = None
    temperature: float = 0.7
    steps: int = 6
    cell_tokens: int = 320
    tokens: int = 2400
    mends: int = 2
    mends_in_all: int = 4
    instructions: str = ""
    context: int = 4096
    threads: int | None = None
    gpu_layers: int = -1

    def __post_init__(self) -> None:
        bounds: dict[str, tuple[float, float]] = {
            "temperature": (0, 2),
            "steps": (1, 20),
            "cell_tokens": (32, 4096),
            "tokens": (64, 100_000),
            "mends": (0, 10),
            "mends_in_all": (0, 100),
            "context": (512, 131_072),
            "gpu_layers": (-1, 999),
        }
        for name, (least, most) in bounds.items():
            value = getattr(self, name)
            if not least <= value <= most:  # NaN, too, lies in no bounds
                raise UsageError(f"{name} is {value}", f"It lies between {least:g} and {most:g}.")
        if self.threads is not None and not 1 <= self.threads <= 512:
            raise UsageError(f"threads is {self.threads}", "It lies between 1 and 512.")
        if len(self.instructions) > MOST_INSTRUCTIONS:
            raise UsageError(
                f"the instructions have {len(self.instructions):,} characters",
                f"At most {MOST_INSTRUCTIONS:,}: they are read with every notebook.",
            )


MOST_INSTRUCTIONS = 4000
"""Characters of instructions: about a quarter of the default context."""
