"""Short questions about notebooks, each asked once ever: answers are kept under everything that can change them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from nbalign.judge.reading import Reading
from nbalign.llm.client import EngineClient
from nbalign.llm.model import Segment
from nbalign.store.database import Store

_BATCH = 500  # keys looked up at once


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one notebook, put behind the notebook's prefix.

    Attributes:
        stem: How it begins; questions with the same stem share its evaluation.
        rest: How it goes on, up to the model's turn.
        lead: The beginning of the model's turn.
        answers: The answers offered, one token each.
    """

    stem: tuple[Segment, ...]
    rest: tuple[Segment, ...]
    lead: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Probe:
    """A kept answer.

    Attributes:
        key: SHA-256 over all that made it.
        notebook: Content hash.
        probabilities: Answer -> probability, normalised over the answers offered.
        mass: Share of the model's whole distribution on them.
        tokens: Tokens evaluated for it, the notebook's prefix left out; of questions that shared a stem the first one
            carries the stem's.
        prefix_tokens: Tokens of the notebook's prefix.
        seconds: Wall seconds, likewise.
    """

    key: str
    notebook: str
    probabilities: Mapping[str, float]
    mass: float
    tokens: int
    prefix_tokens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Tally:
    """What answering some questions cost.

    Attributes:
        computed: Answers computed now.
        known: Answers that were there.
        evaluated: Tokens put through the model now.
        saved: Tokens that would have been evaluated too if every question read notebook and stem anew and no answer
            were kept.
        seconds: Wall seconds at the model.
    """

    computed: int = 0
    known: int = 0
    evaluated: int = 0
    saved: int = 0
    seconds: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.computed + other.computed,
            self.known + other.known,
            self.evaluated + other.evaluated,
            self.saved + other.saved,
            self.seconds + other.seconds,
        )


class ProbeArchive:
    """Answers in the store: one durable row each, found by key.

    Args:
        store: The workspace's store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def known(self, keys: Sequence[str]) -> dict[str, Probe]:
        """Those of the keys that are there."""
        found: dict[str, Probe] = {}
        for start in range(0, len(keys), _BATCH):
            part = list(keys[start : start + _BATCH])
            marks = ", ".join("?" * len(part))
            for row in self._store.rows(f"select * from probes where key in ({marks})", part):
                found[row["key"]] = Probe(
                    row["key"],
                    row["notebook"],
                    json.loads(row["probabilities"]),
                    row["mass"],
                    row["tokens"],
                    row["prefix_tokens"],
                    row["seconds"],
                )
        return found

    def save(self, probes: Sequence[Probe], made_by: Mapping[str, Mapping[str, str]]) -> None:
        """Keeps answers in one transaction; a key that is there already stays as it is.

        Args:
            probes: The answers.
            made_by: Key -> what made it, for audits.
        """
        at = datetime.now(UTC).isoformat(timespec="seconds")
        rows = [
            {
                "key": probe.key,
                "notebook": probe.notebook,
                "probabilities": json.dumps(dict(probe.probabilities)),
                "mass": probe.mass,
                "tokens": probe.tokens,
                "prefix_tokens": probe.prefix_tokens,
                "seconds": probe.seconds,
                "made_by": json.dumps(dict(made_by[probe.key]), ensure_ascii=False),
                "at": at,
            }
            for probe in probes
        ]
        with self._store.write() as db:
            db.table("probes").insert_all(rows, pk="key", ignore=True)


class Prober:
    """Asks a loaded model, and keeps what it says.

    Args:
        engine: The loaded model; not closed here.
        archive: Where answers are kept.
        settled: What can change any answer besides the question and the prefix: the model's hash and the engine's
            settings in force, by name.
    """

    def __init__(self, engine: EngineClient, archive: ProbeArchive, settled: Mapping[str, str]) -> None:
        self._engine = engine
        self._archive = archive
        self._settled = dict(settled)

    def key(self, reading: Reading, question: Question) -> str:
        """What an answer is filed under: the very words that the model reads, and what reads them."""
        return _key(self._made_by(reading, question))

    def known(self, reading: Reading, questions: Sequence[Question]) -> dict[Question, Probe]:
        """The answers that are there already."""
        keys = {question: self.key(reading, question) for question in questions}
        found = self._archive.known(list(set(keys.values())))
        return {question: found[key] for question, key in keys.items() if key in found}

    def ask(self, reading: Reading, questions: Sequence[Question]) -> tuple[dict[Question, Probe], Tally]:
        """Answers questions about one notebook; what is known is not asked again.

        Answers are kept stem by stem: stopping loses at most those of one stem.

        Args:
            reading: The notebook as the judge reads it.
            questions: Any number; repeated ones are asked once.

        Returns:
            Question -> answer for all of them, and what it cost.

        Raises:
            ModelError: If the model cannot answer.
            Cancelled: After a cancel of the engine.
            StoreError: If answers cannot be kept.
        """
        wanted = list(dict.fromkeys(questions))
        found = self.known(reading, wanted)
        tally = Tally(known=len(found), saved=sum(reading.tokens + probe.tokens for probe in found.values()))
        missing = [question for question in wanted if question not in found]
        if not missing:
            return found, tally
        usage = self._engine.read_prefix(reading.prefix)
        tally += Tally(evaluated=usage.evaluated, saved=usage.reused, seconds=usage.seconds)
        groups: dict[tuple[object, ...], list[Question]] = {}
        for question in missing:
            groups.setdefault((question.stem, question.lead, question.answers), []).append(question)
        first = True
        for group in groups.values():
            probes, cost = self._ask_alike(reading, group)
            found |= dict(zip(group, probes, strict=True))
            read_anew = len(group) - (1 if first else 0)  # each would have read the prefix by itself
            first = False
            tally += cost + Tally(saved=reading.tokens * read_anew)
        return found, tally

    def _ask_alike(self, reading: Reading, group: Sequence[Question]) -> tuple[list[Probe], Tally]:
        """Questions with one stem, lead and set of answers."""
        head = group[0]
        answers, stem = self._engine.answer_all(head.stem, [q.rest for q in group], head.lead, head.answers)
        made = [self._made_by(reading, question) for question in group]
        probes = [
            Probe(
                _key(of),
                reading.notebook.sha256,
                answer.probabilities,
                answer.mass,
                answer.usage.evaluated + (stem.evaluated if n == 0 else 0),
                reading.tokens,
                answer.usage.seconds + (stem.seconds if n == 0 else 0.0),
            )
            for n, (of, answer) in enumerate(zip(made, answers, strict=True))
        ]
        self._archive.save(probes, {_key(of): of for of in made})
        own = sum(answer.usage.evaluated for answer in answers)
        spent = sum((answer.usage.seconds for answer in answers), start=stem.seconds)
        return probes, Tally(
            computed=len(group),
            evaluated=stem.evaluated + own,
            saved=stem.evaluated * (len(group) - 1),
            seconds=spent,
        )

    def _made_by(self, reading: Reading, question: Question) -> dict[str, str]:
        return {
            **self._settled,
            "notebook": reading.notebook.sha256,
            "prefix": _sha(reading.prefix),
            "stem": _sha(question.stem),
            "rest": _sha(question.rest),
            "lead": question.lead,
            "answers": " ".join(question.answers),
        }


def _key(made: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()


def _sha(segments: Sequence[Segment]) -> str:
    parts = [[segment.text, segment.trusted] for segment in segments]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()
