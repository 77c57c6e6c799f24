"""Whether the models fit: threads, memory, disk, and which models are there."""

from __future__ import annotations

import shutil
from pathlib import Path

from nbalign.doctor.check import Check, gigabytes
from nbalign.llm.choose import default_model
from nbalign.llm.library import Listing, ModelLibrary
from nbalign.llm.machine import Memory, Processors


def processors(found: Processors) -> Check:
    """How many threads judge, and what bounds them."""
    parts = [f"{found.logical} logical CPUs"]
    if found.allowed < found.logical:
        parts.append(f"{found.allowed} allowed to this process")
    if found.cores is not None:
        parts.append(f"{found.cores} cores")
    parts.append(f"quota of {found.quota:g} CPUs" if found.quota is not None else "no quota")
    count = found.threads
    words = f"{count} {'thread judges' if count == 1 else 'threads judge'} ({', '.join(parts)})"
    if count == 1:
        return Check("Threads", "warn", words, "One thread is slow: allow more CPUs, or take a small model.")
    return Check("Threads", "ok", words)


def memory(found: Memory) -> Check:
    """How much memory there is, the container's limit included."""
    return Check("Memory", "ok", f"{gigabytes(found.available)} available of {gigabytes(found.total)}")


def models(library: ModelLibrary, memory: Memory, threads: int, gpu: bool) -> tuple[Check, ...]:
    """Which models are there, whether each fits, and which would judge.

    Args:
        library: Where models lie.
        memory: What this process may use.
        threads: Threads for the model.
        gpu: Whether a GPU carries the work.
    """
    listed = library.list()
    free = _free(library.home)
    usable = [model for model in listed if model.state in ("verified", "present")]
    choice = default_model(memory.total, threads, gpu, present={model.name for model in usable}, cards=library.cards)
    if usable:
        known = any(model.card is not None for model in usable)
        own = f"only models of your own: {', '.join(model.name for model in usable)}"
        first = Check("Models", "ok", f"{choice.reason.rstrip('.') if known else own}; library: {library.home}")
    else:
        pull = f"nbalign models pull {choice.card.name}  (or, from a file: nbalign models add FILE)"
        first = Check("Models", "missing", f"no usable model in the library {library.home}", pull)
    return (first, *(_model(model, memory, free) for model in listed))


def _model(model: Listing, memory: Memory, free: int | None) -> Check:
    name, size = f"model {model.name}", gigabytes(model.bytes)
    tight = model.bytes > memory.available
    if model.state == "damaged":
        how = f"nbalign models pull {model.name}" if model.card else "nbalign models verify"
        return Check(name, "warn", f"damaged: {model.path}", f"Delete the file, then: {how}")
    if model.state == "not pulled":
        if free is not None and free < model.bytes:
            words = f"not pulled; {size} do not fit on the disk of the library ({gigabytes(free)} free)"
            return Check(name, "warn", words, "Free some space, or set NBALIGN_MODELS to a folder on a larger disk.")
        words = f"not pulled; {size}, the disk has {gigabytes(free)} free" if free is not None else "not pulled"
        return Check(name, "ok", words + (f"; more than the available {gigabytes(memory.available)}" if tight else ""))
    words = f"{size}, {'verified' if model.state == 'verified' else 'not verified yet (the first use does)'}"
    if tight:
        words += f"; larger than the available memory of {gigabytes(memory.available)}"
        return Check(name, "warn", words, "Close other programs, raise the container's limit, or take a smaller model.")
    return Check(name, "ok", words)


def _free(folder: Path) -> int | None:
    """Bytes free where the folder is or will be; None where the system does not say."""
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return None
