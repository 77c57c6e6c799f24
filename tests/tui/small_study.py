"""Two notebooks so short that the small model has read them in seconds."""

from __future__ import annotations

from pathlib import Path

from tests.tui.conftest import code, markdown, notebook_file, stdout

FIRST, SECOND = "pumps-001", "wells-002"


def write_notebooks(folder: Path) -> list[Path]:
    """Writes both into a folder; each has three cells.

    Returns:
        The files, as they are to be imported.
    """
    found = []
    for name, what, rows in ((FIRST, "pumps", 40), (SECOND, "wells", 7)):
        cells = [
            markdown(f"# Which {what} fail?"),
            code(f"import pandas as pd\n{what} = pd.read_csv('{what}.csv')\nlen({what})", stdout(f"{rows}\n")),
            code(f"{what} = {what}.dropna()\n{what}.groupby('site').failed.mean()", stdout("north 0.25\nsouth 0.5\n")),
        ]
        found.append(notebook_file(folder / f"{name}.ipynb", cells))
    return found
