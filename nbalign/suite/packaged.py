"""The suites that come with nbalign."""

from __future__ import annotations

from pathlib import Path

FILE = "suite.yaml"
_FOLDER = Path(__file__).resolve().parent / "packaged"


def packaged_suites() -> dict[str, Path]:
    """Name -> `suite.yaml` of each suite that comes with nbalign, by name. A name is that of the suite's folder."""
    return {path.parent.name: path for path in sorted(_FOLDER.glob(f"*/{FILE}"))}
