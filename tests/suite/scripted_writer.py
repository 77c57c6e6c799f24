"""An engine that writes what a test says, and kernels that pretend to run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from nbalign.execute.model import CellRun, Isolation, Kernel
from nbalign.llm.model import ChatFrame, EngineInfo, Sampling, Segment, Usage
from nbalign.suite.model import Case

FRAME = ChatFrame("<head>", "<middle>", "<tail>")
OK = CellRun("ok", ({"output_type": "stream", "name": "stdout", "text": "done\n"},), "", 0.1)


def error(name: str, *, line: int = 1, source: str = "x") -> CellRun:
    """A cell that raised."""
    traceback = ["Traceback\x1b[0m", f"\x1b[31m----> {line} {source}\x1b[0m", name]
    output = {"output_type": "error", "ename": name, "evalue": "no", "traceback": traceback}
    return CellRun("error", (output,), f"{name}: no", 0.1)


class ScriptedEngine:
    """Writes the answers in order; a word is a token.

    Args:
        answers: What it writes; when they are used up, the last one again.
        context: Tokens of context.
    """

    def __init__(self, answers: Sequence[str], context: int = 4096) -> None:
        self._answers = list(answers)
        self.info = EngineInfo("scripted", context, context, FRAME, "none", "cpu", 0, {})
        self.prompts: list[str] = []
        self.segments: list[list[Segment]] = []
        self.asked: list[tuple[Sampling, bool]] = []

    def length(self, segments: Sequence[Segment], *, first: bool = True) -> int:
        return sum(len(segment.text.split()) for segment in segments)

    def compose(
        self,
        segments: Sequence[Segment],
        how: Sampling,
        on_text: Callable[[int, int, str], None] | None = None,
        *,
        stem: Sequence[Segment] = (),
        anew: bool = False,
    ) -> tuple[str, Usage]:
        whole = [*stem, *segments]
        assert self.length(whole) + how.most <= self.info.context
        self.prompts.append("".join(segment.text for segment in whole))
        self.segments.append(whole)
        self.asked.append((how, anew))
        text = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        tokens = min(len(text.split()), how.most)
        if tokens == how.most:
            text = " ".join(text.split(" ")[:tokens])
        ends = [at for stop in how.stops if (at := text.find(stop, len(text) - len(text.lstrip()))) >= 0]
        text = text[: min(ends)] if ends else text
        if on_text:
            on_text(tokens, how.most, text)
        return text, Usage(self.length(whole), 0, tokens, 0.0)


class PretendKernel:
    """Runs nothing: what comes of a source is looked up.

    Args:
        runs: Text in a source -> what comes of it; else `OK`.
        ran: Where sources go.
    """

    isolation: Isolation = "none"

    def __init__(self, runs: Mapping[str, CellRun], ran: list[str]) -> None:
        self._runs = runs
        self._ran = ran
        self.closed = False

    def run(self, source: str) -> CellRun:
        assert not self.closed
        self._ran.append(source)
        return next((run for text, run in self._runs.items() if text in source), OK)

    def close(self) -> None:
        self.closed = True


class PretendExecutor:
    """Opens pretend kernels, one after the other.

    Args:
        runs: As for the kernel.

    Attributes:
        runs: As given; a test may change it between kernels.
        kernels: For each kernel, the sources that it ran.
    """

    def __init__(self, runs: Mapping[str, CellRun] | None = None) -> None:
        self.runs = runs or {}
        self.kernels: list[list[str]] = []
        self.open = 0

    def kernel(self, case: Case) -> AbstractContextManager[Kernel]:
        return self._kernel()

    @contextmanager
    def _kernel(self) -> Iterator[Kernel]:
        ran: list[str] = []
        self.kernels.append(ran)
        self.open += 1
        assert self.open == 1, "two kernels at once"
        made: Any = PretendKernel(self.runs, ran)
        try:
            yield made
        finally:
            made.close()
            self.open -= 1
