"""What every dimension's module of facts reads."""

from __future__ import annotations

from dataclasses import dataclass

from nbalign.evidence.code import Code
from nbalign.evidence.flow.trace import Trace
from nbalign.notebooks.model import Notebook


@dataclass(frozen=True, slots=True)
class Source:
    """One notebook, read once for all dimensions.

    Attributes:
        notebook: The notebook; its task prompt too.
        code: Its code as syntax trees.
        trace: The data-flow reading.
    """

    notebook: Notebook
    code: Code
    trace: Trace
