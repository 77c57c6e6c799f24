"""nbalign: align local LLM judges of machine-learning notebooks with experts, on one machine, with no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbalign.workspace import Workspace

__all__ = ["Workspace"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Lazy, so that `import nbalign` (and with it `nbalign --help`) loads nothing heavy.
    if name == "Workspace":
        from nbalign.workspace import Workspace

        return Workspace
    raise AttributeError(name)
