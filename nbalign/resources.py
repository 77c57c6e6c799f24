"""Files that travel with nbalign: the model manifest and the sample notebooks.

In a wheel they lie in `nbalign/_data`; in a checkout (and an editable install) at the top of the repository.
"""

from __future__ import annotations

from pathlib import Path

from nbalign.errors import NotFound

_PACKAGE = Path(__file__).resolve().parent


def data_path(relative: str) -> Path:
    """The path of a file or folder that travels with nbalign.

    Args:
        relative: Such as `models/manifest.toml` or `sample_notebooks`.

    Raises:
        NotFound: If this installation lacks it.
    """
    for root in (_PACKAGE / "_data", _PACKAGE.parent):
        path = root / relative
        if path.exists():
            return path
    raise NotFound(f"this installation lacks {relative}", "Install nbalign again from its wheel or its repository.")
