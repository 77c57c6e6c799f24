"""Writes the screenshots of README and docs from the real application, from the scenes that the tests compare.

They show the sample notebooks, their raters' labels and what a real model said of them (`tests/tui/sample_study.py`).

python scripts/screenshots.py           write them all
python scripts/screenshots.py label     write this one
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SIZE = (124, 36)


async def _picture(name: str, studies: Path, folder: Path) -> str:
    from tests.tui.scenes import DARK, SCENES, play, staged

    scene = SCENES[name]
    with staged(scene, studies, folder, DARK) as app:
        async with app.run_test(size=SIZE) as pilot:
            await play(scene, pilot)
            svg = app.export_screenshot(title="nbalign tui", simplify=True)
    # A picture loads nothing from anywhere: the font that the terminal's SVG asks for is named, not fetched.
    return re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)


def main(names: list[str]) -> None:
    """Writes screenshots.

    Args:
        names: Ids of rooms; none means all of them.
    """
    from tests.tui.sample_study import make_studies
    from tests.tui.scenes import SCENES

    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        studies = Path(folder) / "studies"
        studies.mkdir()
        make_studies(studies)
        for name in names or SCENES:
            target = IMAGES / f"{name}.svg"
            target.write_text(asyncio.run(_picture(name, studies, Path(folder) / name)), encoding="utf-8")
            print(target.relative_to(ROOT))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main(sys.argv[1:])
