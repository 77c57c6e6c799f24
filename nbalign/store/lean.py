"""sqlite-utils without pandas.

Where pandas is installed, sqlite-utils imports it to know its types, none of which nbalign stores: 0.4 s of every
command that opens a workspace.
"""

from __future__ import annotations

import sys

__all__ = ["sqlite_utils"]

_HIDE = "pandas" not in sys.modules and "sqlite_utils" not in sys.modules
if _HIDE:
    sys.modules["pandas"] = None  # type: ignore[assignment]  # an import of it now fails as where it is not installed
try:
    import sqlite_utils
finally:
    if _HIDE:
        del sys.modules["pandas"]
