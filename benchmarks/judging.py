"""Tokens and seconds of nine dimensions of one notebook: a shared prefix against nine instruction-first prompts.

Both sides use the same model in the same process, the same digest, the same words and the same tokenizer; they are
measured one after the other in one run.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbalign import Workspace
from nbalign.judge import prompt
from nbalign.judge.judge import Judge
from nbalign.judge.session import JudgeOptions, choose_model
from nbalign.llm.client import EngineClient
from nbalign.llm.model import Segment
from nbalign.resources import data_path

MOST_A_DIMENSION = 250


def run(model: str | None, name: str) -> None:
    """Prints tokens and seconds of both ways.

    Args:
        model: A model's name; None takes the best that this machine holds.
        name: A sample notebook, without its suffix.
    """
    chosen = choose_model(model)
    options = JudgeOptions()
    with tempfile.TemporaryDirectory() as folder, Workspace.create(Path(folder) / "ws") as ws:
        ws.import_notebooks([data_path("sample_notebooks") / "notebooks" / f"{name}.ipynb"])
        notebook, rubric = ws.notebook(name), ws.rubric()
        with EngineClient(chosen.path, chosen.sha256, options.settings(), ws.cache / "kv", 0) as engine:
            print(f"{chosen.name} on {engine.info.device}, {name}, {len(rubric.dimensions)} dimensions")
            judge = Judge(engine, chosen.name, chosen.sha256, rubric, options.budget)
            reading = judge.read(notebook)
            branches = [prompt.branch(engine.info.frame, rubric, dimension) for dimension in rubric.dimensions]
            answers = [str(value) for value in rubric.scale.values]
            shared = _shared_prefix(engine, reading.prefix, branches, answers)
            apart = _instruction_first(engine, reading.prefix, branches, answers)
            prefix = engine.length(reading.prefix)
    limit = prefix + MOST_A_DIMENSION * len(branches)
    digest = reading.digest
    print(f"digest {digest.tokens:,} tokens of about {digest.whole_tokens:,}; with the prompt's frame {prefix:,}")
    print(f"shared prefix      {shared.tokens:7,} tokens  {shared.seconds:7.1f} s   longest branch {shared.longest}")
    print(f"instruction first  {apart.tokens:7,} tokens  {apart.seconds:7.1f} s")
    print(f"ratio              {apart.tokens / shared.tokens:7.2f}         {apart.seconds / shared.seconds:7.2f}")
    kept = "kept" if shared.tokens <= limit else "BROKEN"
    print(f"bound: its own tokens once plus {MOST_A_DIMENSION} a dimension = {limit:,} tokens: {kept}")


@dataclass(frozen=True)
class Measured:
    tokens: int
    seconds: float
    longest: int


Branch = Sequence[Segment]


def _shared_prefix(
    engine: EngineClient, prefix: Branch, branches: Sequence[Branch], answers: Sequence[str]
) -> Measured:
    began = time.perf_counter()
    tokens = engine.read_prefix(prefix).evaluated
    used = [engine.answer(branch, prompt.LEAD, answers).usage.evaluated for branch in branches]
    return Measured(tokens + sum(used), time.perf_counter() - began, max(used))


def _instruction_first(
    engine: EngineClient, prefix: Branch, branches: Sequence[Branch], answers: Sequence[str]
) -> Measured:
    """The usual order: what to grade, then the notebook; nothing but the system prompt is shared."""
    tokens, seconds = 0, 0.0
    head, system, middle, *notebook = prefix
    for question, tail in branches:
        engine.read_prefix([Segment("-")])  # forget the other prompt; not counted
        began = time.perf_counter()
        tokens += engine.read_prefix([head, system, middle, question, *notebook]).evaluated
        tokens += engine.answer([tail], prompt.LEAD, answers).usage.evaluated
        seconds += time.perf_counter() - began
    return Measured(tokens, seconds, 0)
