"""A data-flow reading of a notebook: which rows a value was learned from and which it is applied to. Nothing is run."""

from nbalign.evidence.flow.run import read_flow
from nbalign.evidence.flow.trace import Trace

__all__ = ["Trace", "read_flow"]
