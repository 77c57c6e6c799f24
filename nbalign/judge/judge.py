"""One judge at work on one notebook: a shared prefix, a branch a dimension, the score from the logits of the digits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from nbalign.errors import ModelError
from nbalign.judge import prompt
from nbalign.judge.decide import decide, expected
from nbalign.judge.digest import digest
from nbalign.judge.facts import Blocks, read_blocks
from nbalign.judge.key import evidence_tokens, judge_name, key, made_by
from nbalign.judge.model import Judgement
from nbalign.judge.reading import Reading, told
from nbalign.judge.reasons import tidy
from nbalign.llm.client import EngineClient
from nbalign.llm.model import Segment, Usage
from nbalign.notebooks.model import Notebook
from nbalign.rubrics.model import Dimension, Rubric

LEAST_DIGEST = 64  # tokens: with less than this there is nothing to judge
_TASK_SHARE = 3  # a task prompt takes at most one third of the room that it shares with the notebook
_REASON_TOKENS = 90
_LEAD_ROOM = 8  # tokens for `Score:` and the answer
_JOINTS = 4  # tokens that putting facts between two lines may cost beyond their own

OnTokens = Callable[[int, int], None]  # tokens done in this notebook so far, and those of them that took no time


class Judge:
    """A model, a rubric and a budget.

    Args:
        engine: The loaded model; not closed here.
        model: Its name.
        model_sha256: Its hash.
        rubric: The rubric.
        budget: Most tokens of a notebook's digest.
        evidence: Most tokens of facts a dimension; 0 for a judge that reads none.
    """

    def __init__(
        self, engine: EngineClient, model: str, model_sha256: str, rubric: Rubric, budget: int, evidence: int = 0
    ) -> None:
        self._engine = engine
        self._model = model
        self._model_sha256 = model_sha256
        self._rubric = rubric
        self._budget = budget
        self._evidence = evidence_tokens(rubric, evidence)
        self.name = judge_name(model, model_sha256, rubric, budget, evidence=evidence)
        frame = engine.info.frame
        self._branch_tokens = {
            d.id: engine.length(prompt.branch(frame, rubric, d), first=False) + _LEAD_ROOM for d in rubric.dimensions
        }
        self._head_tokens = engine.count([f"{prompt.EVIDENCE_HEAD}\n"])[0] + _JOINTS if self._evidence else 0
        reasons = [prompt.reason(rubric, value) for value in rubric.scale.values]
        self._why_tokens = max(engine.count(reasons)) + _REASON_TOKENS

    def branch_tokens(self, dimensions: Sequence[Dimension], facts: Blocks) -> int:
        """Tokens of the branches of these dimensions together, with these facts; never fewer than they take."""
        return sum(self._one_branch(d.id, facts) for d in dimensions)

    def _one_branch(self, dimension: str, facts: Blocks) -> int:
        shown = facts.get(dimension)
        return self._branch_tokens[dimension] + (shown.tokens + self._head_tokens if shown else 0)

    def _branch(self, reading: Reading, dimension: Dimension) -> tuple[Segment, ...]:
        shown = reading.facts.get(dimension.id)
        return prompt.branch(self._engine.info.frame, self._rubric, dimension, shown.text if shown else "")

    def read(self, notebook: Notebook) -> Reading:
        """Makes the digest and the prefix of a notebook, and reads its facts if this judge is shown any.

        The prefix is the same with and without facts wherever the context has room for both, so that a prefix parked
        by one judge serves the other.

        Raises:
            ModelError: If the context has no room for a digest beside the longest branch.
        """
        info = self._engine.info
        # Room for the reasons is kept even if nobody asks: whether they do must not change what the model reads.
        branch = max(self._branch_tokens.values()) + self._why_tokens + _LEAD_ROOM
        room = info.context - branch - self._engine.length(prompt.prefix(info.frame, notebook, "", task=""))
        # Room for facts is taken from the notebook's, not from the task's: a long task must not read differently
        # where facts are shown.
        for_facts = self._evidence + self._head_tokens
        if room - for_facts < 2 * LEAST_DIGEST:
            raise ModelError(
                f"a context of {info.context} tokens has no room for a notebook beside this rubric",
                "Raise `--context`, lower `--evidence-tokens`, or shorten the longest dimension of the rubric."
                if for_facts
                else "Raise `--context`, or shorten the longest dimension of the rubric.",
            )
        task, task_cut = self._task(notebook.prompt, min(room // _TASK_SHARE, room - for_facts - LEAST_DIGEST))
        room = info.context - branch - self._engine.length(prompt.prefix(info.frame, notebook, "", task)) - for_facts
        budget = min(self._budget, room)
        shown = digest(notebook, self._engine.count, budget)
        cut = told(shown.omissions)
        if budget < min(self._budget, shown.whole_tokens):
            cut.insert(0, f"the context of {info.context} tokens leaves {budget} of {self._budget} for the notebook")
        if task_cut:
            cut.insert(0, task_cut)
        facts, problem = read_blocks(notebook, self._rubric, self._engine.count, self._evidence)
        if problem:
            cut.insert(0, problem)
        prefix = prompt.prefix(info.frame, notebook, shown.text, task)
        return Reading(notebook, shown, prefix, tuple(cut), self._engine.length(prefix), facts)

    def _task(self, task: str, most: int) -> tuple[str, str]:
        """As much of a task prompt as fits `most` tokens, and what is cut of it, for people; empty where nothing is."""
        whole = tokens = self._engine.count([task])[0]
        kept = task
        while tokens > most:
            kept = kept[: min(len(kept) * most // tokens, len(kept) - 1)]
            tokens = self._engine.count([kept])[0]
        if whole == tokens:
            return task, ""
        return f"{kept} …", f"the end of the task prompt, {whole - tokens} of {whole} tokens"

    def judge(
        self, reading: Reading, dimensions: Sequence[Dimension], on_tokens: OnTokens
    ) -> Iterator[tuple[Judgement, Usage]]:
        """Scores dimensions one after the other; each judgement is yielded as soon as it is there.

        Args:
            reading: From `read`.
            dimensions: At least one.
            on_tokens: Told how many tokens of prefix and branches are done, and how many of them were in the cache.

        Yields:
            The judgement, and the tokens of this step: for the first one the prefix is included.
        """
        usage = self._engine.read_prefix(reading.prefix, lambda done, _total: on_tokens(done, 0))
        prefix_tokens = usage.evaluated + usage.reused
        done, reused = prefix_tokens, usage.reused
        on_tokens(done, reused)
        for dimension in dimensions:
            judgement, branch = self._score(reading, dimension, prefix_tokens)
            done += branch.evaluated
            on_tokens(done, reused)
            yield judgement, _sum(usage, branch)
            usage = Usage(0, 0, 0, 0.0)

    def _score(self, reading: Reading, dimension: Dimension, prefix_tokens: int) -> tuple[Judgement, Usage]:
        scale = self._rubric.scale
        answer = self._engine.answer(self._branch(reading, dimension), prompt.LEAD, [str(v) for v in scale.values])
        probabilities = {int(value): share for value, share in answer.probabilities.items()}
        made = self.made_by(reading.notebook, dimension.id)
        if (facts := reading.facts.get(dimension.id)) is not None:
            made["evidence_text"] = hashlib.sha256(facts.text.encode()).hexdigest()
        judgement = Judgement(
            key=key(made),
            judge=self.name,
            notebook=reading.notebook.sha256,
            rubric=self._rubric.id,
            rubric_sha256=self._rubric.sha256,
            dimension=dimension.id,
            probabilities=probabilities,
            expected=expected(probabilities, scale),
            score=decide(probabilities, scale),
            mass=answer.mass,
            cut=reading.cut,
            tokens=answer.usage.evaluated,
            prefix_tokens=prefix_tokens,
            seconds=answer.usage.seconds,
            made_by=made,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        # What the branch reuses is the prefix, which is counted once for all branches.
        return judgement, Usage(answer.usage.evaluated, 0, 0, answer.usage.seconds)

    def made_by(self, notebook: Notebook, dimension: str) -> dict[str, str]:
        """Everything that makes this judge's judgement of a notebook and dimension, by name."""
        return made_by(
            notebook,
            self._rubric,
            dimension,
            model=self._model,
            model_sha256=self._model_sha256,
            budget=self._budget,
            engine=self._engine.info.settings,
            evidence=self._evidence,
        )

    def explain(
        self, reading: Reading, judgements: Sequence[Judgement], on_written: Callable[[int, int], None]
    ) -> Iterator[tuple[dict[str, str], Usage]]:
        """Writes why, for each judgement, in sentences that cite cells.

        The sentences continue the score that was decided; they explain it and do not change it. As many as fit the
        context are written side by side.

        Args:
            reading: From `read`.
            judgements: At least one.
            on_written: Told (tokens written of each text, most tokens) now and then.

        Yields:
            Judgement key -> rationale, and the tokens of this step: for the first one the prefix is included.
        """
        before = self._engine.read_prefix(reading.prefix)
        room = self._engine.info.context - before.evaluated - before.reused
        for group in self._groups(judgements, room, reading.facts):
            suffixes = {
                j.key: (
                    *self._branch(reading, self._rubric.dimension(j.dimension)),
                    Segment(prompt.reason(self._rubric, j.score)),
                )
                for j in group
            }
            written, usage = self._engine.write(suffixes, _REASON_TOKENS, stops=["\n"], on_tokens=on_written)
            texts = {name: tidy(text, len(reading.notebook.cells)) for name, text in written.items()}
            yield texts, _sum(before, Usage(usage.evaluated, 0, usage.generated, usage.seconds))
            before = Usage(0, 0, 0, 0.0)

    def _groups(self, judgements: Sequence[Judgement], room: int, facts: Blocks) -> Iterator[list[Judgement]]:
        """Splits so that the texts written side by side fit the context together."""
        group: list[Judgement] = []
        taken = 0
        for judgement in judgements:
            need = self._one_branch(judgement.dimension, facts) + self._why_tokens
            if group and taken + need > room:
                yield group
                group, taken = [], 0
            group.append(judgement)
            taken += need
        if group:
            yield group


def _sum(a: Usage, b: Usage) -> Usage:
    return Usage(a.evaluated + b.evaluated, a.reused + b.reused, a.generated + b.generated, a.seconds + b.seconds)
