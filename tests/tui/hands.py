"""The two ways in which an expert drives the terminal: by keys alone, or by the mouse wherever there is a way."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod

from rich.cells import cell_len
from textual.pilot import Pilot

from nbalign.tui.actions import ROOMS
from nbalign.tui.app import LabelApp
from nbalign.tui.label_screen import LabelScreen
from tests.tui.driving import press, rest, screen_text

_NAMES = {3: "3 good", 2: "2 average", 1: "1 bad", 0: "0 N/A"}
_TYPED = {"\n": "enter", " ": "space", ".": "full_stop", ",": "comma"}


class Hands(ABC):
    """What an expert does, whichever way.

    Args:
        pilot: Drives the application.
    """

    SIZE = (120, 40)

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot

    @property
    def text(self) -> str:
        """What is on the screen."""
        return screen_text(self.pilot)

    def sees(self, *words: str) -> None:
        """All of this is on the screen, wrapped or not."""
        flat = " ".join(self.text.split())
        for each in words:
            assert each in flat, f"{each!r} is not to be seen:\n{self.text}"

    def sees_nothing_of(self, *words: str) -> None:
        """None of this is on the screen."""
        for each in words:
            assert each not in self.text, f"{each!r} is to be seen:\n{self.text}"

    async def type(self, text: str) -> None:
        """Types into the field that is open."""
        await press(self.pilot, *(_TYPED.get(char, char) for char in text))

    async def work_ended(self, title: str, *words: str) -> None:
        """Waits until the top line tells of no work any more; then the list of work says this of the last job.

        Args:
            title: How its title begins.
            words: What is said of it.
        """
        while "⏳" in self.text.splitlines()[0]:
            await self.pilot.pause(0.2)
        await self.do("work", "w")
        await self.last_job(title)
        self.sees("✔ done")
        self.sees(*words)
        await self.close()

    async def seated(self, name: str) -> None:
        """Waits until the rooms are this rater's: those of the former one go away meanwhile."""
        app = self.pilot.app
        assert isinstance(app, LabelApp)
        while app.desk is None or app.desk.rater != name or not isinstance(app.screen, LabelScreen):
            await asyncio.sleep(0.01)
        await rest(self.pilot)

    # -- the same in all rooms

    @abstractmethod
    async def do(self, words: str, key: str) -> None:
        """Carries out what the bar at the bottom names: by its key, or by a click on `key words` there."""

    @abstractmethod
    async def last_job(self, title: str) -> None:
        """Goes to the last job in the list of work."""

    @abstractmethod
    async def close(self) -> None:
        """Leaves a dialog."""

    @abstractmethod
    async def say(self, words: str) -> None:
        """Writes into the field for words that is open, and leaves it."""

    @abstractmethod
    async def room(self, id: str) -> None:
        """Goes to a room."""

    @abstractmethod
    async def redo(self) -> None:
        """Does again what was undone."""

    @abstractmethod
    async def score(self, value: int) -> None:
        """Scores, or decides."""

    @abstractmethod
    async def pick(self, words: str, steps: int) -> None:
        """Brings a row of a list into focus, so many steps below the first."""

    @abstractmethod
    async def choose(self, words: str, steps: int) -> None:
        """Chooses an answer of a dialog, so many steps below the one in focus."""

    @abstractmethod
    async def enter_name(self, name: str) -> None:
        """Answers who one is."""

    @abstractmethod
    async def change_rater(self, name: str) -> None:
        """Gives the chair to another rater."""

    # -- in the labelling room

    @abstractmethod
    async def dimension(self, number: int, title: str) -> None:
        """Brings a dimension into focus, from the first one on."""

    @abstractmethod
    async def cite(self, cell: int) -> None:
        """Makes a cell of the notebook current, and cites it."""

    @abstractmethod
    async def notebook(self, name: str) -> None:
        """Goes to the other one of two notebooks."""

    @abstractmethod
    async def reveal(self) -> None:
        """Asks to see the judge."""

    # -- elsewhere

    @abstractmethod
    async def cite_cited(self, words: str) -> None:
        """Cites, for a decision, the first of the cells that were cited."""

    @abstractmethod
    async def section(self, number: int, title: str) -> None:
        """Goes to a section of Align."""

    @abstractmethod
    async def enter_guideline(self, words: str) -> None:
        """Writes into the field for guidelines, and enters them."""

    @abstractmethod
    async def fill_in_experiment(self, dimensions: int) -> None:
        """Leaves only the arm without any reading, the first dimension and two folds, and starts."""

    @abstractmethod
    async def open_row(self, words: str) -> None:
        """Opens the row in focus."""


class Keyboard(Hands):
    """Presses keys and does nothing else."""

    async def last_job(self, title: str) -> None:
        await press(self.pilot, *"jj")

    async def close(self) -> None:
        await press(self.pilot, "escape")

    async def do(self, words: str, key: str) -> None:
        await press(self.pilot, key if len(key) == 1 else key.lower())

    async def say(self, words: str) -> None:
        await self.type(words)
        await press(self.pilot, "escape")

    async def room(self, id: str) -> None:
        await press(self.pilot, next(room.key for room in ROOMS if room.id == id))

    async def redo(self) -> None:
        await press(self.pilot, "U")

    async def score(self, value: int) -> None:
        await press(self.pilot, str(value))

    async def pick(self, words: str, steps: int) -> None:
        await press(self.pilot, "g", *["j"] * steps)

    async def choose(self, words: str, steps: int) -> None:
        await press(self.pilot, *["j"] * steps, "enter")

    async def enter_name(self, name: str) -> None:
        await press(self.pilot, *name, "enter")

    async def change_rater(self, name: str) -> None:
        await press(self.pilot, "W", *name)
        self.pilot.app.simulate_key("enter")
        await self.seated(name)

    async def dimension(self, number: int, title: str) -> None:
        for _ in range(9):
            if f"▶ {number} {title}" in self.text:
                return
            await press(self.pilot, "n")
        raise AssertionError(f"{title} does not come into focus:\n{self.text}")

    async def cite(self, cell: int) -> None:
        await press(self.pilot, "g", *["j"] * (cell - 1), "c")

    async def notebook(self, name: str) -> None:
        await press(self.pilot, "]")

    async def reveal(self) -> None:
        await press(self.pilot, "r")

    async def cite_cited(self, words: str) -> None:
        await press(self.pilot, "enter", "c", "escape")

    async def section(self, number: int, title: str) -> None:
        await press(self.pilot, str(number))

    async def enter_guideline(self, words: str) -> None:
        await self.type(words)
        await press(self.pilot, "enter")

    async def fill_in_experiment(self, dimensions: int) -> None:
        await press(self.pilot, "j", "space", "j", "space", "tab", *["j", "space"] * (dimensions - 1))
        await press(self.pilot, "tab", "end", "backspace", "2", "enter")

    async def open_row(self, words: str) -> None:
        await press(self.pilot, "enter")


class Mouse(Hands):
    """Clicks on what is to be seen; only the text of fields is typed."""

    SIZE = (210, 64)

    async def click(self, words: str, last: bool = False, beyond: int = 0) -> None:
        """Clicks on the first, or the last, place where these words stand, or so many columns beyond its beginning."""
        lines = self.text.splitlines()
        found = [n for n, line in enumerate(lines) if words in line]
        assert found, f"{words!r} is not to be seen:\n{self.text}"
        y = found[-1 if last else 0]
        x = cell_len(lines[y][: lines[y].rindex(words) if last else lines[y].index(words)])
        await self._click_at(x + beyond, y)

    async def _click_at(self, x: int, y: int) -> None:
        # Of a click on the screen at large the pilot says that the screen itself was hit, as beside a dialog.
        hit, region = self.pilot.app.screen.get_widget_at(x, y)
        await self.pilot.click(hit, offset=(x - region.x, y - region.y))
        await rest(self.pilot)

    async def do(self, words: str, key: str) -> None:
        await self.click(f"{key} {words}", last=True)

    async def last_job(self, title: str) -> None:
        await self.click(f"│ ✔ {title}", beyond=3)  # with the dialog's edge: the room behind it tells of work, too

    async def close(self) -> None:
        await self.click("[x]")

    async def say(self, words: str) -> None:
        await self.type(words)
        await self.click("Esc leave and save", last=True)

    async def room(self, id: str) -> None:
        await self.click("≡")
        room = next(room for room in ROOMS if room.id == id)
        await self.click(f"{room.key.upper():<4}{room.title}")

    async def redo(self) -> None:
        await self.click("? help", last=True)
        await self.click("  redo")

    async def score(self, value: int) -> None:
        await self.click(f"{_NAMES[value]}  ")

    async def pick(self, words: str, steps: int) -> None:
        await self.click(words)

    async def choose(self, words: str, steps: int) -> None:
        await self.click(words)

    async def enter_name(self, name: str) -> None:
        await self.type(name)
        await self.click("[Enter]")

    async def change_rater(self, name: str) -> None:
        await self.click("rater: ")
        await self.type(name)
        await self.click("[Enter]")
        await self.seated(name)

    async def dimension(self, number: int, title: str) -> None:
        await self.click(f" {number} {title}")

    async def cite(self, cell: int) -> None:
        await self.click(f"─[{cell}] ")
        await self.do("cite", "c")

    async def notebook(self, name: str) -> None:
        await self.click(f" {name}  ")

    async def reveal(self) -> None:
        await self.click("shows the judge")

    async def cite_cited(self, words: str) -> None:
        await self.click(words)
        await self.do("cite", "c")

    async def section(self, number: int, title: str) -> None:
        await self.click(f"{number} {title}")

    async def enter_guideline(self, words: str) -> None:
        await self.type(words)
        await self.click("Enter enter it", last=True)

    async def fill_in_experiment(self, dimensions: int) -> None:
        await self.click("[x] counts")
        await self.click("[x] evidence")
        while self.text.count("[x] ") > 3:  # the way out, one arm, one dimension
            await self.click("[x] ", last=True)
        lines = self.text.splitlines()
        y = next(n for n, line in enumerate(lines) if "folds 4" in " ".join(line.split()))
        await self._click_at(cell_len(lines[y].split("folds")[0]) + 7, y)
        await press(self.pilot, "end", "backspace", "2")
        await self.click(" Start ", last=True)

    async def open_row(self, words: str) -> None:
        await self.click(words)
