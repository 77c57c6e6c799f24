"""What the labelling screen says is saved, read off a terminal, and what the store says happened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nbalign.labels.model import Label, LabelEvent
from nbalign.workspace import Workspace
from tests.tui.terminal import Screen

SIZE = (120, 40)
_CELLS, _PANEL = 28, 82  # where the columns of the screen begin at this size
_ROW = re.compile(r"(?P<number>[1-9]) \S.*? (?P<score>[0-9_])(?P<mark> [✔…]| ✗ NOT saved|) *$")
WORDS = re.compile(r"—|because \d+")  # what is written in these tests, or nothing

Key = tuple[str, str]  # name of the notebook, dimension


@dataclass(frozen=True, slots=True)
class State:
    """What a rater has given to a notebook in one dimension.

    Attributes:
        score: The score; None where there is none.
        words: The justification; None where it is not known, since it is not in view.
        cells: Cited cells; None where they are not known.
    """

    score: int | None
    words: str | None = None
    cells: tuple[int, ...] | None = None

    def fits(self, other: State) -> bool:
        """Whether another state, all of which is known, may be this one."""
        return self.score == other.score and self.words in (None, other.words) and self.cells in (None, other.cells)


def shown_states(screen: Screen, dimensions: Sequence[str]) -> dict[Key, State]:
    """What a frame says is in the store, by (notebook, dimension); empty while no notebook is in view.

    Args:
        screen: The screen at the end of a frame.
        dimensions: Ids of the rubric's dimensions.
    """
    title = screen.part(_CELLS, _PANEL)[1]
    panel = [line.rstrip() for line in screen.part(_PANEL)[1:-1]]
    if not re.search(r"cell \d+/\d+", title):
        return {}
    name, found = title.split()[0], {}
    for line in panel:
        row = _ROW.search(line)
        if row is None:
            break
        if row["mark"] == " ✔" or row["score"] == "_":
            dimension = dimensions[int(row["number"]) - 1]
            state = State(None if row["score"] == "_" else int(row["score"]))
            if "▶" in line and state.score is not None:
                state = _with_words(state, panel)
            found[name, dimension] = state
    return found


def _with_words(state: State, panel: Sequence[str]) -> State:
    """The state with words and cells, where the screen says that they are saved with the score."""
    text = "\n".join(panel)
    said = re.search(r"── cited cells ──\n(?P<cells>.*?)── why\? \(e\) ──\n(?P<words>.*)", text, re.DOTALL)
    words = " ".join(said["words"].split()) if said is not None else ""
    if said is None or not WORDS.fullmatch(words):
        return state  # a draft, words being written, or a notice above them: nothing says that they are saved
    cells = tuple(int(n) for n in re.findall(r"\[(\d+)\]", said["cells"]))
    return State(state.score, "" if words == "—" else words, cells)


def states_in_turn(events: Sequence[LabelEvent], since: int) -> list[State]:
    """How one label stood, one state after the other, as its events tell.

    Args:
        events: All events of one rater, notebook and dimension, oldest first.
        since: Id of an event: the first state is the one right after it.
    """
    live: dict[int, bool] = {}
    by_id = {event.id: event for event in events}
    found = [State(None, "", ())]
    for event in events:
        live[event.id] = True
        if event.undoes is not None:
            live[event.undoes] = False
            again = by_id[event.undoes].undoes
            if again is not None:  # an undo that is taken back: what it took is there again
                live[again] = True
        standing = [each for each in events if each.action != "undo" and live.get(each.id)]
        last = standing[-1] if standing else None
        state = State(None, "", ()) if last is None or last.action == "clear" else state_of(last.label)
        found = [*found, state] if event.id > since else [state]
    return found


def state_of(label: Label) -> State:
    """A label of the store as a state."""
    return State(label.score, " ".join(label.justification.split()), label.cells)


def now_of(workspace: Workspace, rater: str, notebook: str) -> dict[Key, State]:
    """How all labels of a rater for a notebook stand."""
    found = workspace.labels(notebook=notebook, rater=rater)
    return {(notebook, label.dimension): state_of(label) for label in found}


def happened(shown: Sequence[State], stored: Sequence[State]) -> bool:
    """Whether what the screen showed, in this order, was in the store, in this order."""
    at = 0
    for state in shown:
        while at < len(stored) and not state.fits(stored[at]):
            at += 1
        if at == len(stored):
            return False
    return True
