"""The panel that says what this machine has."""

from __future__ import annotations

import threading

from textual.message import Message
from textual.widgets import Static

from nbalign.doctor.check import Check
from nbalign.tui.models import reading, words

_ORDER = ("Threads", "Memory", "GPU", "llama.cpp")


class MachinePanel(Static):
    """Threads, memory, GPU and the build of llama.cpp, as the doctor finds them."""

    class Found(Message):
        """A part of the answer is there.

        Attributes:
            checks: What was found.
            last: Whether nothing more comes.
        """

        def __init__(self, checks: tuple[Check, ...], last: bool) -> None:
            super().__init__()
            self.checks = checks
            self.last = last

    def __init__(self) -> None:
        super().__init__()
        self._known: tuple[Check, ...] = ()
        self._asked = False

    def ask(self) -> None:
        """Looks at the machine, once; returns at once."""
        if not self._asked:
            self._asked = True
            self.update(words.checks((), asking=True))
            # A thread of its own, which ends with the application: llama.cpp takes seconds to answer.
            threading.Thread(target=self._look, name="nbalign-machine", daemon=True).start()

    def _look(self) -> None:
        for look, last in ((reading.quick_checks, False), (reading.slow_checks, True)):
            try:
                found = look()
            except Exception as error:
                found = (Check("Machine", "warn", f"cannot be looked at: {error}", "Run: nbalign doctor"),)
            self.post_message(self.Found(found, last))

    def on_machine_panel_found(self, event: Found) -> None:
        """Shows what is known by now."""
        event.stop()
        self._known += event.checks
        order = {name: n for n, name in enumerate(_ORDER)}
        known = sorted(self._known, key=lambda check: order.get(check.name, len(order)))
        self.update(words.checks(known, asking=not event.last))
