from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nbalign.notebooks import find_notebooks, read, read_file
from tests.notebooks.build import SAMPLES
from tests.notebooks.test_sanitise import is_clean

PATHS = find_notebooks([SAMPLES / "notebooks"])
PROMPTS = {case["id"]: case["prompt"] for case in yaml.safe_load((SAMPLES / "cases.yaml").read_text("utf-8"))}


def test_all_samples_are_there() -> None:
    assert len(PATHS) == 52


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_sample_is_read_whole_with_its_prompt(path: Path) -> None:
    raw, notebook = read_file(path)
    assert notebook.warnings == ()
    assert notebook.prompt == PROMPTS[path.stem.rpartition("-")[0]]
    assert notebook.prompt_source == "first cell"
    assert [cell.number for cell in notebook.cells] == list(range(1, len(notebook.cells) + 1))
    for cell in notebook.cells:
        assert is_clean(cell.source)
        assert cell.cut == 0
        for output in cell.outputs:
            assert is_clean(output.text)
            assert output.text.strip() or output.images or output.kind == "stream"
            assert all(len(image.data) == image.size > 0 for image in output.images)
            if output.kind == "error":
                assert output.text.split("\n")[-1] or output.name
                assert f"{output.name}: " in output.text
    assert read(raw, path.name) == notebook
