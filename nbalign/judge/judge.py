"""One judge at work on one notebook: a shared prefix, a branch a dimension, the score from the logits of the digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from nbalign.errors import ModelError
from nbalign.judge import prompt
from nbalign.judge.decide import decide, expected
from nbalign.judge.digest import Digest, Omission, digest
from nbalign.judge.key import judge_name, key, made_by
from nbalign.judge.model import Judgement
from nbalign.judge.reasons import tidy
from nbalign.llm.client import EngineClient
from nbalign.llm.model import Segment, Usage
from nbalign.notebooks.model import Notebook
from nbalign.rubrics.model import Dimension, Rubric

LEAST_DIGEST = 64  # tokens: with less than this there is nothing to judge
_TASK_SHARE = 3  # a task prompt takes at most one third of the room that it shares with the notebook
_REASON_TOKENS = 90
_MOST_CUTS = 12  # a judgement names so many single cuts and counts the rest
_LEAD_ROOM = 8  # tokens for `Score:` and the answer

OnTokens = Callable[[int, int], None]  # tokens done in this notebook so far, and those of them that took no time


@dataclass(frozen=True, slots=True)
class Reading:
    """A notebook as one judge reads it.

    Attributes:
        notebook: The notebook.
        digest: What fits the budget and the context.
        prefix: The prompt's shared part.
        cut: What the model does not see, for people.
        tokens: Tokens of the prefix.
    """

    notebook: Notebook
    digest: Digest
    prefix: tuple[Segment, ...]
    cut: tuple[str, ...]
    tokens: int


class Judge:
    """A model, a rubric and a budget.

    Args:
        engine: The loaded model; not closed here.
        model: Its name.
        model_sha256: Its hash.
        rubric: The rubric.
        budget: Most tokens of a notebook's digest.
    """

    def __init__(self, engine: EngineClient, model: str, model_sha256: str, rubric: Rubric, budget: int) -> None:
        self._engine = engine
        self._model = model
        self._model_sha256 = model_sha256
        self._rubric = rubric
        self._budget = budget
        self.name = judge_name(model, model_sha256, rubric, budget)
        frame = engine.info.frame
        self._branches = {d.id: prompt.branch(frame, rubric, d) for d in rubric.dimensions}
        self._branch_tokens = {
            name: engine.length(segments, first=False) + _LEAD_ROOM for name, segments in self._branches.items()
        }
        reasons = [prompt.reason(rubric, value) for value in rubric.scale.values]
        self._why_tokens = max(engine.count(reasons)) + _REASON_TOKENS

    def branch_tokens(self, dimensions: Sequence[Dimension]) -> int:
        """Tokens of the branches of these dimensions together."""
        return sum(self._branch_tokens[d.id] for d in dimensions)

    def read(self, notebook: Notebook) -> Reading:
        """Makes the digest and the prefix of a notebook.

        Raises:
            ModelError: If the context has no room for a digest beside the longest branch.
        """
        info = self._engine.info
        # Room for the reasons is kept even if nobody asks: whether they do must not change what the model reads.
        branch = max(self._branch_tokens.values()) + self._why_tokens + _LEAD_ROOM
        room = info.context - branch - self._engine.length(prompt.prefix(info.frame, notebook, "", task=""))
        if room < 2 * LEAST_DIGEST:
            raise ModelError(
                f"a context of {info.context} tokens has no room for a notebook beside this rubric",
                "Raise `--context`, or shorten the longest dimension of the rubric.",
            )
        task, task_cut = self._task(notebook.prompt, room // _TASK_SHARE)
        room = info.context - branch - self._engine.length(prompt.prefix(info.frame, notebook, "", task))
        budget = min(self._budget, room)
        shown = digest(notebook, self._engine.count, budget)
        cut = _told(shown.omissions)
        if budget < min(self._budget, shown.whole_tokens):
            cut.insert(0, f"the context of {info.context} tokens leaves {budget} of {self._budget} for the notebook")
        if task_cut:
            cut.insert(0, task_cut)
        prefix = prompt.prefix(info.frame, notebook, shown.text, task)
        return Reading(notebook, shown, prefix, tuple(cut), self._engine.length(prefix))

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
        answer = self._engine.answer(self._branches[dimension.id], prompt.LEAD, [str(v) for v in scale.values])
        probabilities = {int(value): share for value, share in answer.probabilities.items()}
        made = self.made_by(reading.notebook, dimension.id)
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
        for group in self._groups(judgements, room):
            suffixes = {
                j.key: (*self._branches[j.dimension], Segment(prompt.reason(self._rubric, j.score))) for j in group
            }
            written, usage = self._engine.write(suffixes, _REASON_TOKENS, stops=["\n"], on_tokens=on_written)
            texts = {name: tidy(text, len(reading.notebook.cells)) for name, text in written.items()}
            yield texts, _sum(before, Usage(usage.evaluated, 0, usage.generated, usage.seconds))
            before = Usage(0, 0, 0, 0.0)

    def _groups(self, judgements: Sequence[Judgement], room: int) -> Iterator[list[Judgement]]:
        """Splits so that the texts written side by side fit the context together."""
        group: list[Judgement] = []
        taken = 0
        for judgement in judgements:
            need = self._branch_tokens[judgement.dimension] + self._why_tokens
            if group and taken + need > room:
                yield group
                group, taken = [], 0
            group.append(judgement)
            taken += need
        if group:
            yield group


def _sum(a: Usage, b: Usage) -> Usage:
    return Usage(a.evaluated + b.evaluated, a.reused + b.reused, a.generated + b.generated, a.seconds + b.seconds)


def _told(omissions: Sequence[Omission]) -> list[str]:
    """What a digest left out, for people, the largest first."""
    ordered = sorted(omissions, key=lambda o: -o.tokens)
    told = [f"{o.what} ({_cells(o.cells)})" if o.cells else o.what for o in ordered[:_MOST_CUTS]]
    if len(ordered) > _MOST_CUTS:
        told.append(f"{len(ordered) - _MOST_CUTS} smaller cuts")
    return told


def _cells(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(n) for n in numbers[:8])
    return f"cell {shown}" if len(numbers) == 1 else f"cells {shown}{', …' if len(numbers) > 8 else ''}"
