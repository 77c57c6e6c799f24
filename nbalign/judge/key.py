"""What makes a judgement what it is: its key, and the shorter name of the judge behind it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Protocol

from nbalign.judge import prompt
from nbalign.judge.digest import VERSION as DIGEST_VERSION
from nbalign.rubrics.model import Rubric

EVIDENCE_MARK = "+evidence"  # in the name of a judge that is shown facts, behind the model
MEMORY_MARK = "+memory"  # in the name of an aligned judge, behind that
# The model's name is for people. The hash of the facts shown is for audits: it follows from notebook and version, and
# a key must be known before any notebook is loaded.
_TOLD = frozenset({"model", "evidence_text"})


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


def evidence_tokens(rubric: Rubric, asked: int) -> int:
    """Tokens of evidence a dimension under a rubric: none where facts are known of none of its dimensions.

    A judge that could be shown no fact is the same judge whether it was asked to read facts or not.
    """
    if asked <= 0:
        return 0
    from nbalign.evidence.facts import MODULES  # here, since it is slow to import and most commands judge nothing

    evident = {module.DIMENSION for module in MODULES}
    return asked if any(d.id in evident for d in rubric.dimensions) else 0


def _evidence(rubric: Rubric, asked: int) -> dict[str, str]:
    """What decides which facts a judge is shown; empty for a judge that is shown none."""
    if not (tokens := evidence_tokens(rubric, asked)):
        return {}
    from nbalign.evidence import VERSION

    return {"evidence": VERSION, "evidence_tokens": str(tokens)}


def judge_name(
    model: str, model_sha256: str, rubric: Rubric, budget: int, memory: str = "", *, evidence: int = 0
) -> str:
    """The name of a judge: its model, whether it has facts and a memory, and six hex digits of all that decides.

    Threads, batch sizes and builds are left out: they move the last bits of a probability, not the judge.
    """
    made_of = [model_sha256, rubric.sha256, prompt.VERSION, DIGEST_VERSION, str(budget), memory]
    if shown := _evidence(rubric, evidence):
        made_of += [f"{name} {value}" for name, value in shown.items()]
        model += EVIDENCE_MARK
    if memory:
        model += MEMORY_MARK
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
    evidence: int = 0,
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
        evidence: Tokens of evidence asked for; without any, nothing is said of evidence at all.
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
        **_evidence(rubric, evidence),
        "model": model,
        "model_sha256": model_sha256,
        **{f"engine.{name}": value for name, value in engine.items()},
    }


def key(made: Mapping[str, str]) -> str:
    """SHA-256 over everything in `made_by`, what is told for people and audits alone left out."""
    material = {name: value for name, value in made.items() if name not in _TOLD}
    return hashlib.sha256(json.dumps(material, sort_keys=True).encode()).hexdigest()
