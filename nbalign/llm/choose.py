"""Which model judges when nobody says which: the best that this machine holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from nbalign.llm import machine
from nbalign.llm.manifest import ModelCard, load_manifest

_WORKING_FACTOR = 1.3  # weights, context and scratch buffers, in sizes of the file
_LEFT_FREE = 1.5e9  # bytes left to everything else on the machine
_SLOW_THREADS = 1  # with so few threads and no GPU, models above this size take many minutes a notebook
_SLOW_BYTES = 700e6


@dataclass(frozen=True, slots=True)
class Choice:
    """A model and why.

    Attributes:
        card: The model.
        reason: One sentence.
    """

    card: ModelCard
    reason: str


def default_model(
    memory_bytes: int,
    threads: int,
    gpu: bool,
    *,
    present: Collection[str] | None = None,
    cards: tuple[ModelCard, ...] | None = None,
) -> Choice:
    """Chooses the model to judge with.

    The best judge that fits is taken; of those that fit, one that is present goes before one that is not. Where none
    fits, the smallest one present is taken (else the smallest), and the reason warns.

    Args:
        memory_bytes: Memory this process may use, in bytes.
        threads: Threads for the model.
        gpu: Whether a GPU carries the work.
        present: Names of the models in the library; None means that presence does not matter, as when choosing
            what to pull.
        cards: The manifest, best judge first; None takes the one that travels with nbalign.
    """
    order = load_manifest() if cards is None else cards
    there = [card for card in order if present is None or card.name in present]
    fitting = [card for card in order if card.bytes * _WORKING_FACTOR + _LEFT_FREE <= memory_bytes]
    memory = f"{memory_bytes / 1e9:.1f} GB of memory"
    if not fitting:
        card = min(there or order, key=lambda card: card.bytes)
        return Choice(card, f"{card.name} is the smallest model to be had, and even it is tight in {memory}.")
    quick = [card for card in fitting if gpu or threads > _SLOW_THREADS or card.bytes <= _SLOW_BYTES]
    best = (quick or fitting)[0]
    if present is None:
        return Choice(best, f"{best.name} is {_best_of(best, order, memory, fitting)}.")
    if best in there:
        return Choice(best, f"{best.name} is here and is {_best_of(best, order, memory, fitting)}.")
    for card in fitting:
        if card in there:
            words = f"{card.name} ({card.description}) is the best model here that fits"
            better = "judge better" if order.index(best) < order.index(card) else "be much quicker on one thread"
            return Choice(card, f"{words}; {best.name} would {better}.")
    return Choice(best, f"{best.name} is {_best_of(best, order, memory, fitting)}, but it is not pulled yet.")


def suits_this_machine(present: Collection[str] | None) -> Choice:
    """The default judge here; see `default_model`.

    All memory counts, not what is free just now: a default that changed with the load would mix judges.
    """
    return default_model(machine.memory().total, machine.threads(), gpu=False, present=present)


def _best_of(card: ModelCard, order: tuple[ModelCard, ...], memory: str, fitting: list[ModelCard]) -> str:
    if card == order[0]:
        return f"the best judge, and {memory} are enough for it"
    if card == fitting[0]:
        return f"the best judge that fits into {memory}"
    return "the best judge that is not too slow on one thread"
