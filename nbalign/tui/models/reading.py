"""What the room of models shows: the library, the model that judges, and what this machine has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbalign.doctor import capacity, engine
from nbalign.doctor.check import Check
from nbalign.jobs.choosing import chosen_model, fitting_memory
from nbalign.judge.session import JudgeOptions
from nbalign.llm import machine
from nbalign.llm.choose import suits_this_machine
from nbalign.llm.library import Listing, ModelLibrary
from nbalign.rubrics.model import Rubric

if TYPE_CHECKING:
    from nbalign.workspace import Workspace

USABLE = ("verified", "present")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The models.

    Attributes:
        models: Those of the manifest, best judge first, then the user's own.
        home: The folder that they lie in.
        chosen: The model chosen to judge in this workspace; empty where the machine decides.
        best: The model that judges where none is chosen.
        reason: Why that one.
        memory: The latest memory that fits what would judge; empty for none.
        aligned: The model of that memory.
        judged: Model name -> notebooks that its latest judge has scored here.
        available: Bytes of memory that can be taken now.
    """

    models: tuple[Listing, ...]
    home: str
    chosen: str
    best: str
    reason: str
    memory: str
    aligned: str
    judged: Mapping[str, int]
    available: int

    @property
    def judging(self) -> str:
        """The model that judges when nothing else is said."""
        return self.chosen or self.aligned or self.best

    def model(self, name: str) -> Listing | None:
        """The model of this name; None where there is none any more."""
        return next((model for model in self.models if model.name == name), None)


def read_shelf(workspace: Workspace, rubric: Rubric) -> Shelf:
    """Reads the library and the workspace's choice; no model file is read beyond its header.

    Raises:
        ModelError: If the manifest that travels with nbalign cannot be read.
        StoreError: If the workspace cannot be read.
    """
    library = ModelLibrary.default()
    listed = library.list()
    choice = suits_this_machine({model.name for model in listed if model.state in USABLE})
    chosen = chosen_model(workspace) or ""
    memory, _ = fitting_memory(workspace, rubric, JudgeOptions(model=chosen or None))
    judged: dict[str, int] = {}
    for judge, notebooks, _ in reversed(workspace.judges(rubric.id)):
        name = judge.rpartition("@")[0]
        for model in listed:
            if name == model.name or name.startswith(f"{model.name}+"):
                judged[model.name] = notebooks
    return Shelf(
        models=listed,
        home=str(library.home),
        chosen=chosen,
        best=choice.card.name,
        reason=choice.reason,
        memory=memory,
        aligned=workspace.memory(memory, rubric.id).model if memory else "",
        judged=judged,
        available=machine.memory().available,
    )


def quick_checks() -> tuple[Check, ...]:
    """Threads and memory, as the doctor finds them."""
    return capacity.processors(machine.processors()), capacity.memory(machine.memory())


def slow_checks() -> tuple[Check, ...]:
    """The build of llama.cpp and the GPU: asks other processes, which takes seconds."""
    build = engine.ask_build()
    return engine.llama_cpp(build), engine.gpu(build, engine.ask_nvidia())
