"""What makes a judgement what it is: its key, and the shorter name of the judge behind it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Protocol

from nbalign.judge import prompt
from nbalign.judge.digest import VERSION as DIGEST_VERSION
from nbalign.rubrics.model import Rubric


class Subject(Protocol):
    """What is judged: a notebook, or what a list of notebooks knows of it, so that keys need no notebook loaded."""

    @property
    def sha256(self) -> str:
        """Content hash."""

    @property
    def name(self) -> str:
        """For people."""

    @property
    def prompt(self) -> str:
        """The task it answers."""


def judge_name(model: str, model_sha256: str, rubric: Rubric, budget: int, memory: str = "") -> str:
    """The name of a judge: model and six hex digits of what decides its opinions.

    Threads, batch sizes and builds are left out: they move the last bits of a probability, not the judge.
    """
    made_of = [model_sha256, rubric.sha256, prompt.VERSION, DIGEST_VERSION, str(budget), memory]
    return f"{model}@{hashlib.sha256('|'.join(made_of).encode()).hexdigest()[:6]}"


def made_by(
    notebook: Subject,
    rubric: Rubric,
    dimension: str,
    *,
    model: str,
    model_sha256: str,
    budget: int,
    engine: Mapping[str, str],
    memory: str = "",
) -> dict[str, str]:
    """Everything that can change a judgement, by name.

    Args:
        notebook: What is judged; its task prompt counts too, since it may come from a sidecar.
        rubric: Against what.
        dimension: Dimension id.
        model: Name of the model, for people.
        model_sha256: Hash of the GGUF file.
        budget: Digest tokens asked for.
        engine: Build and settings of the engine (`EngineInfo.settings`).
        memory: Memory version; empty for an unaligned judge.
    """
    return {
        "notebook": notebook.sha256,
        "task": hashlib.sha256(notebook.prompt.encode()).hexdigest(),
        "rubric": rubric.sha256,
        "dimension": dimension,
        "prompt": prompt.VERSION,
        "digest": DIGEST_VERSION,
        "budget": str(budget),
        "memory": memory,
        "model": model,
        "model_sha256": model_sha256,
        **{f"engine.{name}": value for name, value in engine.items()},
    }


def key(made: Mapping[str, str]) -> str:
    """SHA-256 over everything in `made_by`, the model's name for people left out."""
    material = {name: value for name, value in made.items() if name != "model"}
    return hashlib.sha256(json.dumps(material, sort_keys=True).encode()).hexdigest()
