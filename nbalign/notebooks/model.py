"""A notebook as the rest of nbalign sees it: clean, bounded, numbered, immutable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CellKind = Literal["code", "markdown", "raw"]
OutputKind = Literal["stream", "result", "display", "error"]


@dataclass(frozen=True, slots=True)
class Image:
    """A figure kept out of the text of an output.

    Attributes:
        mime: Media type, such as `image/png`.
        data: The decoded bytes (for SVG the UTF-8 text); empty when the figure was too large to keep.
        size: Bytes of the original figure.
    """

    mime: str
    data: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Output:
    """One output of a code cell.

    Attributes:
        kind: What Jupyter calls stream, execute_result, display_data or error.
        name: `stdout` or `stderr` for a stream, the exception's class name for an error, else empty.
        text: Sanitised plain text, newline separated. An error holds its traceback, last line the message.
        images: Figures, in order.
        cut: Characters of text left out because the output was over its bound; 0 when it is whole.
    """

    kind: OutputKind
    name: str
    text: str
    images: tuple[Image, ...] = ()
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        number: Position from 1 over all cells, as a person counts them and as labels cite them.
        kind: `code`, `markdown` or `raw`.
        source: Sanitised text.
        execution_count: The number in `In [ ]`, or None.
        outputs: Outputs in order; empty for cells that are not code.
        cut: Characters of source left out because the cell was over its bound; 0 when it is whole.
    """

    number: int
    kind: CellKind
    source: str
    execution_count: int | None = None
    outputs: tuple[Output, ...] = ()
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook, sanitised at the boundary; the raw bytes stay in the store.

    Attributes:
        sha256: Content hash of the raw bytes (64 hex digits): the notebook's identity.
        name: File name, sanitised, for people.
        cells: All cells in order; `cells[i].number == i + 1`.
        prompt: The task the notebook answers; empty when unknown.
        prompt_source: Where the prompt came from.
        format: Such as `ipynb 4.5`, `ipynb 3`, `py:percent` or `databricks`.
        language: Kernel language in lower case, `python` when not said.
        warnings: What was repaired or cut, one plain sentence each.
    """

    sha256: str
    name: str
    cells: tuple[Cell, ...]
    prompt: str
    prompt_source: Literal["sidecar", "first cell", "none"]
    format: str
    language: str = "python"
    warnings: tuple[str, ...] = ()

    def cell(self, number: int) -> Cell:
        """The cell with this number.

        Raises:
            IndexError: If there is no such cell.
        """
        if not 1 <= number <= len(self.cells):
            raise IndexError(f"no cell {number}: {self.name} has cells 1 to {len(self.cells)}")
        return self.cells[number - 1]
