"""How models and machines are told."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from nbalign.doctor.check import Check, State, gigabytes
from nbalign.llm.library import Listing
from nbalign.progress import Progress
from nbalign.tui.jobs.words import bar
from nbalign.tui.models.reading import USABLE, Shelf
from nbalign.tui.plain import content, one_line

_STATES = {
    "verified": ("✔", "$text-success", "here, verified"),
    "present": ("✔", "", "here, not verified yet"),
    "damaged": ("✘", "$text-error", "damaged"),
    "not pulled": ("·", "$text-muted", "not here"),
}
_CHECKS: dict[State, tuple[str, str]] = {
    "ok": ("✔", "$text-success"),
    "warn": ("!", "$text-warning"),
    "missing": ("✘", "$text-error"),
}


def pull(model: Listing) -> str:
    """The command that brings a model."""
    return f"nbalign models pull {model.name}"


def row(shelf: Shelf, index: int, width: int) -> Content:
    """One line of the list: whether it judges, its state, name, size, licence."""
    model = shelf.models[index]
    sign, style, state = _STATES[model.state]
    judges = "▶" if model.name == shelf.judging else " "
    licence = one_line(model.card.licence if model.card else "unknown", 24)
    tail = f"{gigabytes(model.bytes):>9}  {licence:<12}" + (f"  {state:<22}" if width >= 76 else "")
    room = max(width - content(tail).cell_length - 6, 8)
    name = one_line(model.name, room)
    pad = " " * max(room - content(name).cell_length, 0)
    return content((judges, "bold $text-accent"), " ", (sign, style), f" {name}{pad}  ", (tail, style))


def details(shelf: Shelf, model: Listing, keys: tuple[str, str, str]) -> Content:
    """Everything about a model.

    Args:
        shelf: The models.
        model: The one in focus.
        keys: Those that choose, verify and judge.
    """
    choose, verify, judge = keys
    sign, style, state = _STATES[model.state]
    lines: list[Content] = [content((one_line(model.name, 80), "bold"), "  ", (f"{sign} {state}", style))]
    if model.card is not None:
        lines.append(content(one_line(model.card.description, 300)))
    licence = one_line(model.card.licence, 60) if model.card else "unknown"
    lines.append(content(f"{gigabytes(model.bytes)} · licence {licence}"))
    match model.state:
        case "not pulled":
            lines.append(content("This screen opens no network. In a shell: ", (pull(model), "bold")))
            lines.append(content("or, from a file: ", ("nbalign models add FILE", "bold")))
        case "damaged":
            lines.append(content(("Its size or hash is not the known one. ", "$text-error"), "Delete the file, then:"))
            lines.append(content((pull(model) if model.card else "nbalign models add FILE", "bold")))
        case "present":
            lines.append(content(f"Its hash was not checked yet: {verify} does, and so does its first use."))
    if model.state in USABLE and model.bytes > shelf.available:
        words = f"! It is larger than the {gigabytes(shelf.available)} of memory that are available now."
        lines.append(content((words, "$text-warning")))
    if model.path is not None:
        lines.append(content((one_line(str(model.path), 300), "$text-muted")))
    if model.card is not None:
        lines.append(content((f"sha256 {model.card.sha256[:16]}…", "$text-muted")))
    if judged := shelf.judged.get(model.name):
        lines.append(content(f"{judged} {'notebook' if judged == 1 else 'notebooks'} scored here by its latest judge"))
    lines += [content("")]
    lines += _judging(shelf, model, choose, judge)
    return content(*(part for line in lines for part in (line, "\n")))


def _judging(shelf: Shelf, model: Listing, choose: str, judge: str) -> list[Content]:
    """Whether this model judges, and why."""
    if model.name != shelf.judging:
        return [content(f"{choose} lets it judge in this workspace.")] if model.state in USABLE else []
    lines = []
    if shelf.chosen:
        lines.append(content(("▶ It judges here: you chose it.", "bold"), f" {choose} lets the machine decide again."))
    elif shelf.aligned:
        lines.append(content(("▶ It judges here: it is the one that was aligned.", "bold"), f" {choose} fixes that."))
    else:
        lines.append(content(("▶ It judges here: none was chosen. ", "bold"), one_line(shelf.reason, 300)))
    if shelf.memory:
        lines.append(content(f"It judges with the memory {one_line(shelf.memory, 16)}."))
    if model.state in USABLE:
        lines.append(content(f"{judge} starts judging."))
    return lines


def checks(found: Sequence[Check], asking: bool) -> Content:
    """What this machine has, as the doctor says it.

    Args:
        found: What is known.
        asking: Whether more is being asked for.
    """
    parts: list[str | tuple[str, str] | Content] = [("This machine", "bold"), "\n"]
    for check in found:
        sign, style = _CHECKS[check.state]
        parts += [(f"{sign} {one_line(check.name, 30)}", style), f"  {one_line(check.finding, 400)}\n"]
        if check.advice:
            parts.append((f"  → {one_line(check.advice, 400)}\n", "$text-muted"))
    if asking:
        parts.append(("… asking llama.cpp and for a GPU\n", "$text-muted"))
    return content(*parts)


def verifying(name: str, step: Progress | None, key: str) -> Content:
    """How far the verification of a model is."""
    shown = bar(step, 24) if step is not None else ""
    return content(("verifying ", "bold"), f"{one_line(name, 40)} {shown} ", (f"{key} stops", "$text-muted"))


def empty(shelf: Shelf) -> Content | None:
    """What to do where no model can judge; None where one can."""
    if any(model.state in USABLE for model in shelf.models):
        return None
    return content(
        ("No model is here yet. ", "bold $text-warning"),
        "Judges are local models; this screen opens no network. In a shell: ",
        (f"nbalign models pull {shelf.best}", "bold"),
        f"  ({one_line(shelf.reason, 200)}) Then come back. Library: {one_line(shelf.home, 200)}",
    )
