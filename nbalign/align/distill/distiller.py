"""Guidelines out of batches: ask, keep the answer, sift it, and ask more simply where nothing usable came."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from nbalign.align.distill import prompt
from nbalign.align.distill.archive import Distillations, Written
from nbalign.align.distill.batches import Batch
from nbalign.align.distill.merging import Candidate, alike
from nbalign.align.distill.parsing import parse
from nbalign.align.distill.sifting import NOTHING, RESTATED, WEAKER, Sifted, sift, strongest
from nbalign.errors import Cancelled
from nbalign.llm.client import OnTokens
from nbalign.llm.model import EngineInfo, Segment, Usage
from nbalign.progress import OnProgress, Progress, silent
from nbalign.rubrics.model import Dimension, Rubric

MOST = 5  # guidelines of one batch
_SIDE_BY_SIDE = 20  # branches written at once; an engine takes 23
_FEWEST_CHARACTERS = 2.5  # of a token, in English prose: a shorter answer cannot have met the limit of tokens
_WAYS: Mapping[str, prompt.Asking] = {"rules": prompt.rules, "restated": prompt.restated}


class Writer(Protocol):
    """The part of an engine that distilling needs; `EngineClient` is one."""

    info: EngineInfo

    def length(self, segments: Sequence[Segment], *, first: bool = True) -> int:
        """Tokens of segments."""

    def read_prefix(self, segments: Sequence[Segment], on_tokens: OnTokens | None = None) -> Usage:
        """Makes them the shared prefix."""

    def write(
        self,
        suffixes: Mapping[str, Sequence[Segment]],
        most: int,
        stops: Sequence[str] = (),
        on_tokens: OnTokens | None = None,
    ) -> tuple[dict[str, str], Usage]:
        """Continues branches."""


@dataclass(frozen=True, slots=True)
class Distilled:
    """What came of one batch.

    Attributes:
        batch: The batch.
        candidates: Its guidelines, at most `MOST`, the strongest first.
        unused: Event of a label that led to none of them -> why, one plain sentence.
        answers: The model's raw answers behind it, for accounts of cost.
    """

    batch: Batch
    candidates: tuple[Candidate, ...]
    unused: Mapping[int, str] = field(default_factory=dict)
    answers: tuple[Written, ...] = ()


class Distiller:
    """Turns batches into candidates for guidelines.

    Args:
        engine: A loaded model.
        archive: Where raw answers are kept; what is there is not asked again.
        rubric: The rubric.
        model_sha256: Hash of the model's file.
    """

    def __init__(self, engine: Writer, archive: Distillations, rubric: Rubric, model_sha256: str) -> None:
        self._engine = engine
        self._archive = archive
        self._rubric = rubric
        self._model_sha256 = model_sha256

    def run(
        self,
        batches: Sequence[Batch],
        progress: OnProgress = silent,
        stopping: Callable[[], bool] = lambda: False,
    ) -> list[Distilled]:
        """Distils every batch; each answer is on the disk before the next is asked for.

        Args:
            batches: What to distil.
            progress: Told how many batches are done.
            stopping: Asked between batches; True stops.

        Raises:
            Cancelled: If it was stopped; what was answered is kept.
            ModelError: If the worker died.
            StoreError: If an answer cannot be kept.
        """
        found, known = [], 0
        for n, batch in enumerate(batches):
            if stopping():
                raise Cancelled("stopped; everything distilled until now is kept")
            title = self._rubric.dimension(batch.dimension).title
            progress(Progress("distilling guidelines", n, len(batches), "batches", title, known))
            found.append(self.distil(batch))
            known += all(not answer.new for answer in found[-1].answers)
        progress(Progress("distilling guidelines", len(batches), len(batches), "batches", "", known))
        return found

    def distil(self, batch: Batch) -> Distilled:
        """Distils one batch; raises as `run`.

        First the rules behind all remarks of each score are asked for. Remarks with a score for which nothing usable
        came are restated one by one. Where that fails for all of them, each half of the batch is tried by itself.
        """
        dimension = self._rubric.dimension(batch.dimension)
        answers: list[Written] = []
        kept: list[Sifted] = []
        why: dict[int, str] = {}
        wanted = list(range(len(batch.records)))
        for way in _WAYS:
            if not wanted or (answer := self._asked(batch, dimension, way, wanted)) is None:
                continue  # nothing left to ask, or it does not fit the context
            answers.append(answer)
            kept += self._usable(batch, dimension, way, answer, wanted, why)
            served = {one.score for one in kept}
            wanted = [n for n in wanted if batch.records[n].score not in served]
        if not kept and (halves := batch.halves()):
            parts = [self.distil(half) for half in halves]
            return Distilled(
                batch,
                tuple(c for part in parts for c in part.candidates)[:MOST],
                {event: reason for part in parts for event, reason in part.unused.items()},
                (*answers, *(a for part in parts for a in part.answers)),
            )
        return self._chosen(batch, kept, why, answers)

    def _asked(self, batch: Batch, dimension: Dimension, way: str, wanted: Sequence[int]) -> Written | None:
        """The model's answer, kept or new; None where the question does not fit the context."""
        info = self._engine.info
        made = {
            "rubric": self._rubric.sha256,
            "prompt": prompt.VERSION,
            "way": way,
            "wanted": ",".join(map(str, wanted)),
            "model_sha256": self._model_sha256,
            **{f"engine.{name}": value for name, value in info.settings.items()},
        }
        key = batch.key(made)
        if (known := self._archive.find(key)) is not None:
            return known
        ask = _WAYS[way](info.frame, dimension, batch.records, wanted)
        needed = [self._engine.length(b, first=False) + ask.most for b in ask.branches.values()]
        room = info.context - self._engine.length(ask.prefix)
        groups = _groups(list(ask.branches), needed, room)
        if groups is None:
            return None
        read = self._engine.read_prefix(ask.prefix)
        texts: dict[str, str] = {}
        evaluated, generated, seconds = read.evaluated, 0, read.seconds
        for names in groups:
            found, usage = self._engine.write({name: ask.branches[name] for name in names}, ask.most, ask.stops)
            texts.update((name, f"{ask.leads[name]} {text.lstrip()}") for name, text in found.items())
            evaluated, generated = evaluated + usage.evaluated, generated + usage.generated
            seconds += usage.seconds
        written = Written(texts, evaluated, generated, seconds)
        self._archive.save(key, self._rubric.id, batch.dimension, written, made)
        return written

    def _usable(
        self, batch: Batch, dimension: Dimension, way: str, answer: Written, wanted: Sequence[int], why: dict[int, str]
    ) -> list[Sifted]:
        """The usable guidelines of an answer; notes why others were none."""
        kept: list[Sifted] = []
        for name, text in answer.texts.items():
            one = way == "restated"
            score = batch.records[int(name)].score if one else int(name)
            told = [int(name)] if one else [n for n in wanted if batch.records[n].score == score]
            ended = len(text) < _FEWEST_CHARACTERS * (prompt.RESTATED_TOKENS if one else prompt.RULES_TOKENS)
            for line in parse(text, len(batch.records), ended=ended):
                sifted, reason = sift(line, score, batch.records, told, dimension)
                if sifted is not None:
                    kept.append(sifted)
                elif reason == RESTATED:
                    why.update((n, reason) for n in told if not line.numbers or n + 1 in line.numbers)
        return kept

    def _chosen(
        self, batch: Batch, kept: Sequence[Sifted], why: Mapping[int, str], answers: Sequence[Written]
    ) -> Distilled:
        """The strongest guidelines of a batch, and what became of the labels behind none of them."""
        best = strongest(_joined(kept), batch.records, MOST)
        used = {n for one in best for n in one.sources}
        weaker = {n for one in kept for n in one.sources}
        unused: dict[int, str] = {}
        for n, record in enumerate(batch.records):
            if n not in used:
                reason = WEAKER.format(most=MOST) if n in weaker else why.get(n, NOTHING)
                unused.update((event, reason) for event in record.events)
        candidates = []
        for one in best:
            events = {event for n in one.sources for event in batch.records[n].events}
            candidates.append(Candidate(batch.dimension, one.text, tuple(sorted(events))))
        return Distilled(batch, tuple(candidates), unused, tuple(answers))


def _joined(kept: Sequence[Sifted]) -> list[Sifted]:
    """Lines of which no two say nearly the same, so that rewordings do not take the place of other guidelines."""
    found: list[Sifted] = []
    for one in sorted(kept, key=lambda s: -len(s.sources)):
        for n, other in enumerate(found):
            if other.score == one.score and alike(other.text, one.text):
                found[n] = Sifted(other.text, other.score, tuple(sorted({*other.sources, *one.sources})))
                break
        else:
            found.append(one)
    return found


def _groups(names: Sequence[str], needed: Sequence[int], room: int) -> list[list[str]] | None:
    """Branches in groups that fit the context together, in order; None where one does not fit by itself."""
    groups: list[list[str]] = []
    left = 0
    for name, tokens in zip(names, needed, strict=True):
        if tokens > room:
            return None
        if not groups or tokens > left or len(groups[-1]) == _SIDE_BY_SIDE:
            groups.append([])
            left = room
        groups[-1].append(name)
        left -= tokens
    return groups
