"""In which order a rater goes through the notebooks of a workspace, and why."""

from __future__ import annotations

from nbalign.workspace.auditing import Auditing


class Ordering(Auditing):
    """Everything about the order of work."""
