"""What generators are given to run cells with."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from nbalign.execute.data import DataLike
from nbalign.execute.kernel import open_kernel
from nbalign.execute.model import Bounds, Kernel


class HasData(Protocol):
    """A task with data files, such as a suite's `Case`."""

    @property
    def data(self) -> Sequence[DataLike]:
        """Files that the notebook may read."""
        ...


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Starts kernels, one for each notebook that is written; it is what a suite's generators call an executor.

    Attributes:
        bounds: What each kernel may use.
        unsafe: Run code as an ordinary process where no sandbox can be had.
        python: The Python of the kernels; None takes the one that runs nbalign.
        cancel: Set it to stop the cell under way.
    """

    bounds: Bounds = field(default_factory=Bounds)
    unsafe: bool = False
    python: Path | None = None
    cancel: threading.Event | None = None

    def kernel(self, case: HasData) -> AbstractContextManager[Kernel]:
        """A kernel with its own copy of the case's data; it is closed when the block ends.

        Raises:
            SandboxError: On entering the block, if no sandbox can be had or no kernel starts in it.
            BadInput, NotFound: On entering the block, if a data file cannot be copied.
            Cancelled: On entering the block, if it was stopped before the kernel was up.
        """
        return open_kernel(case.data, self.bounds, unsafe=self.unsafe, python=self.python, cancel=self.cancel)
