"""One notebook under way: plan, then step by step a sentence and a cell, each cell run before the next is written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nbalign.errors import Cancelled, GeneratorError
from nbalign.execute.model import CellRun, Kernel
from nbalign.llm.model import Segment
from nbalign.notebooks.sanitise import clean_line
from nbalign.suite.generate.local import words
from nbalign.suite.generate.local.answers import Code, code_of, plan_of, sentence_of
from nbalign.suite.generate.local.book import Step
from nbalign.suite.generate.local.conversation import Composing, Conversation, OnText, Spent
from nbalign.suite.generate.local.options import LocalOptions
from nbalign.suite.generate.local.view import error_view, output_view

_PLAN_TOKENS = 28  # a step of the plan; a line has 8 to 20
_SENTENCE_TOKENS = 40
_CLOSING_TOKENS = 90


class Writer:
    """Writes one notebook.

    Args:
        engine: The loaded model.
        options: How it writes.
        stem: All that stands before its first word.
        seed: Of all draws.
        kernel: Runs each cell as it is written; None where nothing is run.
        say: Told what is being written, token by token; may raise `Cancelled`.

    Attributes:
        talk: What the model was told and wrote, with the tokens it took.
        steps: What was written, in order.
        conclusion: A closing paragraph; may be empty.
        notes: Plain sentences: what was cut, left out or given up.
        mended: Whether a cell that was run is not the one that stands there now.
    """

    def __init__(
        self,
        engine: Composing,
        options: LocalOptions,
        stem: Sequence[Segment],
        seed: int,
        kernel: Kernel | None,
        say: OnText,
    ) -> None:
        self._options = options
        self._kernel = kernel
        self._say = say
        self._mends = 0
        self.talk = Conversation(engine, options, stem, seed, say)
        self.steps: list[Step] = []
        self.conclusion = ""
        self.notes: list[str] = []
        self.mended = False

    def write(self) -> None:
        """Writes it all.

        Raises:
            GeneratorError: If the model wrote no code, or the task leaves it no room.
            ModelError: If the model died.
            Cancelled: If the user stopped it.
        """
        plan = self._plan()
        try:
            for number, title in enumerate(plan, start=1):
                opening = words.opening(number, len(plan))
                self._step(number, title, opening, f"cell {number} of {len(plan)}")
                run = self.steps[-1].run if self.steps else None
                if run is not None and run.state in ("died", "not run"):
                    self.notes.append(f"After cell {number} no more could be run: {clean_line(run.error)}.")
                    break
            else:
                self._conclude()
        except Spent as spent:
            self.notes.append(str(spent))
        if not any(step.code for step in self.steps):
            raise GeneratorError("the model wrote no code", "Try another seed, or a larger model.")

    def _plan(self) -> tuple[str, ...]:
        most = self._options.steps
        try:
            lead = (Segment(words.PLAN_LEAD),)
            text, cut = self.talk.go_on(lead, _PLAN_TOKENS * most, ("\n\n", "```", "##"), "the plan")
        except Spent:
            raise GeneratorError(
                f"the task and its files take {self.talk.stem_tokens:,} tokens of a context of {self.talk.context:,}",
                "Raise `--generator-context` if the model was trained for more.",
            ) from None
        plan = plan_of("1." + text, most, cut)
        if len(plan) < min(2, most):
            plan = words.STANDARD_PLAN[:most]
            self.notes.append("The model gave no plan; the standard one was followed.")
        # The plan is told as it is followed, whatever was around it.
        self.talk.told = [Segment(words.PLAN_LEAD), Segment(_numbered(plan)), Segment("\n\n")]
        return plan

    def _step(self, number: int, title: str, opening: str, stage: str) -> None:
        before = len(self.talk.told)
        lead = (Segment(words.heading(number, title)), Segment(opening))
        text, cut = self.talk.go_on(lead, _SENTENCE_TOKENS, ("\n", "```"), stage)
        step = Step(title, sentence_of(opening + text, cut))
        self.talk.told[-2:] = [Segment(step.sentence), Segment("\n\n")]
        code = self._code((Segment(words.FENCE),), stage)
        if not code.source:
            del self.talk.told[-2:]
            code = self._code((Segment(words.FENCE),), stage, warmer=1)
        if not code.source or _same(code.source, [each.code for each in self.steps]):
            why = "repeated an earlier cell" if code.source else "came without code"
            self.notes.append(f"Step {number} ({title}) {why} and was left out.")
            del self.talk.told[before:]
            return
        step.code = code.source
        self.steps.append(step)
        self._note(number, code)
        if self._kernel is None:
            self.talk.told.append(Segment(words.CLOSED + "\n"))
            return
        step.run = self._run(step.code, stage)
        self._mend(step, number, stage)
        shown = output_view(step.run.outputs) if step.run.state == "ok" else error_view(step.run.error, ())
        self.talk.told += [Segment(words.CLOSED), *words.printed(shown)]

    def _mend(self, step: Step, number: int, stage: str) -> None:
        """Shows the model its error and lets it write the cell again, as long as there is something to gain."""
        while step.run is not None and step.run.state in ("error", "timeout"):
            options = self._options
            if step.attempts > options.mends or self._mends >= options.mends_in_all:
                self.notes.append(f"Cell {number} still fails (attempts: {step.attempts}).")
                return
            self._mends += 1
            step.attempts += 1
            told = list(self.talk.told)
            error = words.failed(error_view(step.run.error, step.run.outputs))
            attempt = f"{stage}, attempt {step.attempts}"
            try:
                # A small model that has said what is wrong seldom writes the same code again.
                self.talk.go_on((Segment(words.CLOSED), *error), _SENTENCE_TOKENS, ("\n", "```"), attempt)
                beginning = _beginning(step.code)
                code = self._code(words.corrected(beginning), attempt, warmer=step.attempts - 1, begun=beginning)
            except Spent:
                self.talk.told = told
                self.notes.append(f"Cell {number} fails, and no tokens were left to mend it.")
                return
            if not code.source or _same(code.source, [step.code, beginning]):
                self.talk.told = told
                continue  # other draws may help
            self._note(number, code)
            self.mended = True
            step.code = code.source
            step.run = self._run(step.code, stage)

    def _conclude(self) -> None:
        lead = (Segment(f"## {words.CLOSING_TITLE}\n\n"),)
        text, cut = self.talk.go_on(lead, _CLOSING_TOKENS, ("\n\n", "```", "\n#"), "the conclusion")
        self.conclusion = sentence_of(text, cut)

    def _code(self, lead: Sequence[Segment], stage: str, warmer: int = 0, begun: str = "") -> Code:
        """Has the model write a cell behind a lead, which may end in the beginning of the code itself."""
        text, cut = self.talk.go_on(lead, self._options.cell_tokens, ("```",), stage, warmer)
        code = code_of(begun + text, cut)
        self.talk.told[-2 if begun else -1 :] = [Segment(code.source)]
        return code

    def _run(self, code: str, stage: str) -> CellRun:
        assert self._kernel is not None
        self._say(self.talk.generated, f"{stage}, running")
        run = self._kernel.run(code)
        if run.state == "stopped":
            raise Cancelled("stopped; everything finished until now is kept")
        return run

    def _note(self, number: int, code: Code) -> None:
        self.notes += [f"Cell {number}: {what}." for what in code.notes]


def _numbered(plan: Sequence[str]) -> str:
    """The plan behind its lead, which ends in `1.`."""
    return " " + "\n".join(title if n == 1 else f"{n}. {title}" for n, title in enumerate(plan, start=1))


def _beginning(code: str) -> str:
    """The first line, where more follows and it stands for itself, such as an import or a comment; else nothing."""
    line, more, _ = code.partition("\n")
    return line + "\n" if more and re.match(r"(?:import|from)\s|#", line) and "(" not in line else ""


def _same(code: str, others: Sequence[str]) -> bool:
    """Whether code is one of the others, white space and blank lines apart."""
    plain = "".join(code.split())
    return any("".join(other.split()) == plain for other in others)
