"""Writes the screenshots of README and docs from the real application on the sample notebooks.

python scripts/screenshots.py
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from textual.pilot import Pilot

from nbalign import Workspace
from nbalign.tui.app import LabelApp

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
NOTEBOOK = "churn2-061"


async def _rest(app: LabelApp, pilot: Pilot[None]) -> None:
    for _ in range(3):  # a notebook is read, then its sheet, then its facts
        await pilot.pause()
        await app.workers.wait_for_complete()
        await app.clerk.finish()
    await pilot.pause(0.5)


async def _label(workspace: Workspace) -> str:
    app = LabelApp(workspace, rater="ana", notebook=NOTEBOOK)
    async with app.run_test(size=(150, 44)) as pilot:
        await _rest(app, pilot)
        for key in ("3", "2", "v", "v", "c", "e"):
            await pilot.press(key)
        await pilot.press(*"Filled inside the pipeline, from the training rows alone.")
        await pilot.press("escape")
        await _rest(app, pilot)
        return app.export_screenshot(title="nbalign tui")


def main() -> None:
    """Writes every screenshot."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Workspace.create(Path(folder) / "churn-study", sample=True) as workspace,
    ):
        svg = asyncio.run(_label(workspace))
    (IMAGES / "label.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
