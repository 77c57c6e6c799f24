"""The rooms stay apart: the contracts of pyproject.toml hold, and so does what really gets imported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Imports every module of a package and tells which modules came along, and which of ours asked for click or rich.
# (Those two may be loaded by a library that we use; asking for them ourselves is what the house rules out.)
PROBE = """
import builtins, importlib, json, pkgutil, sys

askers = []
original = builtins.__import__

def watching(name, globals=None, locals=None, fromlist=(), level=0):
    asker = (globals or {}).get("__name__", "")
    if level == 0 and name.split(".")[0] in ("click", "rich") and asker.split(".")[0] == "nbalign":
        askers.append(f"{asker} imports {name}")
    return original(name, globals, locals, fromlist, level)

builtins.__import__ = watching
package = importlib.import_module(sys.argv[1])
imported = [package.__name__]
for found in pkgutil.walk_packages(getattr(package, "__path__", []), package.__name__ + "."):
    if found.name not in sys.argv[2:]:
        importlib.import_module(found.name)
        imported.append(found.name)
print(json.dumps({"imported": imported, "askers": askers, "loaded": sorted(m.split(".")[0] for m in sys.modules)}))
"""
# These run in the engine's own process.
WORKER = ("nbalign.llm.binding", "nbalign.llm.engine", "nbalign.llm.worker")
CORE = ("errors", "progress", "offline", "resources", "notebooks", "rubrics", "store", "labels", "llm", "judge",
        "evidence", "execute", "align", "evaluate", "audit", "suite", "importing", "workspace", "doctor",
        "jobs")  # fmt: skip


def probe(module: str, *leave_out: str) -> dict[str, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, module, *leave_out],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_contracts_between_the_rooms_hold() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [str(command), "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize("room", CORE)
def test_no_room_below_the_faces_needs_a_terminal_library_or_loads_the_engine(room: str) -> None:
    found = probe(f"nbalign.{room}", *WORKER)
    assert found["imported"]
    assert found["askers"] == []
    assert not {"textual", "llama_cpp"} & set(found["loaded"])


def test_the_probe_sees_what_it_looks_for() -> None:
    found = probe("nbalign.cli.main")
    assert "nbalign.cli.main imports click" in found["askers"]
    assert "click" in found["loaded"]


def test_the_list_of_commands_loads_nothing_heavy() -> None:
    heavy = {"numpy", "textual", "llama_cpp", "nbformat", "sqlite_utils", "yaml", "pip", "rich", "psutil", "rapidfuzz"}
    assert not heavy & set(probe("nbalign.cli.main")["loaded"])


def test_every_package_of_the_house_is_looked_at() -> None:
    rooms = {path.parent.name for path in (ROOT / "nbalign").glob("*/__init__.py")}
    rooms |= {path.stem for path in (ROOT / "nbalign").glob("*.py") if not path.stem.startswith("__")}
    faces = {"cli", "tui"}
    assert set(CORE) | faces == rooms
