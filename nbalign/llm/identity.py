"""What a model's engine turned out to be, remembered, so that finished work is recognised without loading the model.

A judgement's key holds the engine's build and its settings in force (layers on the GPU, context after the model's own
limit). Only a loaded model knows these. They are kept in a small file under everything that decides them: the
model's hash, the settings asked for, and the very library file of llama.cpp.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
from dataclasses import asdict
from pathlib import Path

from nbalign.llm.model import EngineInfo, EngineSettings

_MOST = 50  # entries kept; each is some hundred bytes


def _fingerprint(model_sha256: str, settings: EngineSettings) -> str:
    """Changes whenever the same request could load into something else."""
    parts = [model_sha256, json.dumps(asdict(settings), sort_keys=True), os.environ.get("CUDA_VISIBLE_DEVICES", "")]
    spec = importlib.util.find_spec("llama_cpp")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for library in sorted((Path(folder) / "lib").glob("*")):
            stat = library.stat()
            parts.append(f"{library.name} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def recall(file: Path, model_sha256: str, settings: EngineSettings) -> dict[str, str] | None:
    """The settings in force (`EngineInfo.settings`) when this was last loaded; None when it never was."""
    found = _read(file).get(_fingerprint(model_sha256, settings))
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else None


def remember(file: Path, model_sha256: str, settings: EngineSettings, info: EngineInfo) -> None:
    """Keeps what this turned out to be. A folder that cannot be written only means asking the model next time."""
    entries = _read(file)
    entry = dict(info.settings)
    name = _fingerprint(model_sha256, settings)
    if entries.get(name) == entry:
        return
    entries.pop(name, None)
    entries[name] = entry
    kept = dict(list(entries.items())[-_MOST:])
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(f".{os.getpid()}.partial")
        temporary.write_text(json.dumps(kept, indent=1))
        temporary.replace(file)


def _read(file: Path) -> dict[str, object]:
    try:
        entries = json.loads(file.read_text())
    except (OSError, ValueError, RecursionError):
        return {}
    return entries if isinstance(entries, dict) else {}
