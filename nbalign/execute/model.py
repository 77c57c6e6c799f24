"""What execution is bounded by, and what comes of a cell and of a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Isolation = Literal["bubblewrap", "unshare", "none"]
CellState = Literal["ok", "error", "timeout", "died", "stopped", "not run"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one notebook may use.

    Attributes:
        cell_seconds: Wall seconds of a cell.
        seconds: Wall seconds of all cells together.
        memory_bytes: Memory of the kernel and all its children together.
        processes: Most processes and threads at once.
        output_bytes: Most bytes of outputs kept of a cell; the rest is left out, and the output says so.
        disk_bytes: Most bytes of files that it writes, its copy of the data left out.
    """

    cell_seconds: float = 60.0
    seconds: float = 600.0
    memory_bytes: int = 2 << 30
    processes: int = 256
    output_bytes: int = 2 << 20
    disk_bytes: int = 512 << 20


@dataclass(frozen=True, slots=True)
class CellRun:
    """What came of one code cell.

    Attributes:
        state: `ok`; `error` (an exception was raised); `timeout`; `died` (the kernel ended, often for want of memory);
            `stopped` (the user did); `not run` (an earlier cell ended the notebook).
        outputs: In the notebook format's own words (nbformat 4), bounded; hostile, like everything in a notebook.
        error: One line: the exception's name and message, or why it ended; empty when ok.
        seconds: Wall seconds.
    """

    state: CellState
    outputs: Sequence[Mapping[str, Any]]
    error: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Executed:
    """A notebook that was run.

    Attributes:
        raw: The notebook with its outputs, as bytes of an `.ipynb`.
        cells: One a code cell, in order.
        isolation: What kept it in.
        seconds: Wall seconds, the start of the kernel included.
    """

    raw: bytes
    cells: tuple[CellRun, ...]
    isolation: Isolation
    seconds: float

    @property
    def failed(self) -> int:
        """How many code cells did not end well."""
        return sum(cell.state != "ok" for cell in self.cells)


class Kernel(Protocol):
    """A kernel that is up, in its sandbox, with its own copy of the data in its working folder."""

    isolation: Isolation

    def run(self, source: str) -> CellRun:
        """Runs one cell; state carries over from cell to cell. After `died`, every further cell is `died` too."""
        ...

    def close(self) -> None:
        """Ends the kernel and everything it started, and deletes its folder. Safe to call twice."""
        ...
