"""Audits in a workspace: what to label next, how a judge's error holds, how judges differ."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nbalign.errors import BadInput, NotFound, UsageError
from nbalign.evaluate.scored import EVIDENCE
from nbalign.progress import OnProgress, Progress, silent
from nbalign.rubrics.model import Rubric
from nbalign.workspace.reviewing import Reviewing

if TYPE_CHECKING:
    from nbalign.audit.drift import Drift
    from nbalign.audit.learned import Learned
    from nbalign.audit.model import AuditStatus, Picked
    from nbalign.audit.status import Judged
    from nbalign.judge.model import Judgement


class Auditing(Reviewing):
    """Everything about audits."""

    def audit_pick(
        self,
        count: int = 10,
        *,
        random_share: float = 0.4,
        rater: str | None = None,
        rubric: str | None = None,
        judge: str | None = None,
        seed: int = 0,
        progress: OnProgress = silent,
    ) -> Picked:
        """Picks judged notebooks that nobody has labelled, until `count` wait for review; kept in the workspace.

        What was picked before and is still unlabelled waits on and is not picked anew. Of the new ones a share is a
        simple random sample, for an unbiased estimate of the judge's error; the rest are those that the judge is
        unsure of and that are unlike the labelled ones, to learn from.

        Args:
            count: How many shall wait, at least 1.
            random_share: Share of the new picks that are random, 0..1; rounded up.
            rater: Count this rater's labels alone, so that what others labelled may be picked, too; None counts all.
            rubric: Rubric id; None for the default.
            judge: Name of the judge, or the beginning of it; None takes the one that judged last.
            seed: Of the random draw.
            progress: Told how many notebooks are read.

        Raises:
            NotFound: If nothing was judged, or there is no such judge.
            UsageError: If a value is impossible.
            StoreError: If the picks cannot be kept.
        """
        from nbalign.audit.picking import pick
        from nbalign.audit.picks import PickStore
        from nbalign.evaluate.scored import latest

        the_rubric = self.rubric(rubric)
        name = self._audited_judge(the_rubric, judge)
        scores, _ = latest(the_rubric, self.judgements(rubric=the_rubric.id, judge=name))
        judged: dict[str, list[Judgement]] = {}
        for (notebook, _), judgement in scores.items():
            judged.setdefault(notebook, []).append(judgement)
        return pick(
            PickStore(self._store),
            the_rubric,
            (name, self._judges_memories(the_rubric).get(name, "")),
            judged,
            self._labelled(the_rubric, rater),
            lambda wanted: self._stems(wanted, progress),
            self.names(),
            count,
            random_share,
            seed,
        )

    def audit_queue(self, rubric: str | None = None, rater: str | None = None) -> list[str]:
        """Content hashes of the picks that wait for review, in the order to label them in.

        Args:
            rubric: Rubric id; None for the default.
            rater: Count this rater's labels alone; None: a label of anybody takes a notebook off the queue.
        """
        from nbalign.audit.picks import PickStore, waiting

        the_rubric = self.rubric(rubric)
        made = PickStore(self._store).all(the_rubric.id)
        return [pick.notebook for pick in waiting(made, self._labelled(the_rubric, rater))]

    def audit_status(self, rubric: str | None = None, judge: str | None = None) -> AuditStatus:
        """The judges' errors on random picks, beside what cross-validation promised, and whether to align again.

        Args:
            rubric: Rubric id; None for the default.
            judge: Only this judge, by its name or the beginning of it; None: the one that judged last, and all that
                judged random picks that are labelled now.

        Raises:
            NotFound: If there is no such judge.
        """
        from nbalign.audit.learned import keys_of, memories
        from nbalign.audit.model import AuditStatus
        from nbalign.audit.news import news
        from nbalign.audit.picks import PickStore, waiting
        from nbalign.audit.status import audit
        from nbalign.audit.verdict import verdict

        the_rubric = self.rubric(rubric)
        made = PickStore(self._store).all(the_rubric.id)
        labels, truth = self._settled(the_rubric, None)
        labelled = {label.notebook for label in labels}
        known = memories(self._store, the_rubric.id)
        if judge is None:
            names = [name for name, _, _ in self._archive.judges(the_rubric.id)]
        else:
            names = [self._audited_judge(the_rubric, judge)]
        audits = [audit(the_rubric, self._judged(the_rubric, name, known), made, truth) for name in names]
        newest = next(reversed(known.values()), None)
        told = news(self._taught(labels), newest, keys_of(self._store, the_rubric.id, newest) if newest else {})
        random = {pick.notebook for pick in made if pick.why == "random"}
        other = {pick.notebook for pick in made} - random
        return AuditStatus(
            rubric=the_rubric.id,
            rubric_version=the_rubric.version,
            random=len(random),
            random_labelled=len(random & labelled),
            other=len(other),
            other_labelled=len(other & labelled),
            waiting=len(waiting(made, labelled)),
            judges=tuple(found for n, found in enumerate(audits) if n == 0 or found.labelled),
            news=told,
            verdict=verdict(told, audits[0] if audits else None),
        )

    def audit_drift(self, first: str, second: str, rubric: str | None = None) -> Drift:
        """How the judgements of two judges differ on the notebooks that both judged.

        Args:
            first: Name of a judge or the beginning of it, or a memory version or the beginning of it.
            second: The same of another; differences are second minus first.
            rubric: Rubric id; None for the default.

        Raises:
            NotFound: If there is no such judge or memory version.
            UsageError: If a name fits several, or both are the same judge.
        """
        from nbalign.audit.drift import drift

        the_rubric = self.rubric(rubric)
        called = (self._judge_or_memory(the_rubric, first), self._judge_or_memory(the_rubric, second))
        if called[0] == called[1]:
            raise UsageError(f"both are the same judge: {called[0]}", "`nbalign audit status` names the judges here.")
        scores = [self.judgements(rubric=the_rubric.id, judge=name) for name in called]
        return drift(the_rubric, scores[0], scores[1], called, self.names())

    def _audited_judge(self, rubric: Rubric, judge: str | None) -> str:
        name = self._judge_called(rubric, judge)
        if name is None:
            raise NotFound(
                f"nothing has been judged under the rubric {rubric.id} yet",
                f"Judge notebooks first: nbalign judge --rubric {rubric.id}",
            )
        if name == EVIDENCE:
            raise UsageError(
                "evidence alone cannot be audited: its scores are not kept and have no probabilities",
                "Name a judge; `nbalign agreement --judge evidence` compares evidence with raters.",
            )
        return name

    def _judge_or_memory(self, rubric: Rubric, ref: str) -> str:
        try:
            return self._audited_judge(rubric, ref)
        except NotFound:
            memories = self._judges_memories(rubric)
            fits = [name for name, memory in memories.items() if ref and memory.startswith(ref)]
            if len(fits) > 1:
                raise UsageError(f"{len(fits)} judges use the memory {ref}", f"Name one: {', '.join(fits)}.") from None
            if fits:
                return fits[0]
            raise

    def _judges_memories(self, rubric: Rubric) -> dict[str, str]:
        """Name of a judge -> its memory version, empty for unaligned ones."""
        rows = self._store.rows(
            "SELECT judge, made_by, max(rowid) FROM judgements WHERE rubric = ? GROUP BY judge", (rubric.id,)
        )
        return {row["judge"]: str(json.loads(row["made_by"]).get("memory", "")) for row in rows}

    def _judged(self, rubric: Rubric, name: str, known: dict[str, Learned]) -> Judged:
        from nbalign.audit.learned import Learned, notebooks_of
        from nbalign.audit.promised import promise
        from nbalign.audit.status import Judged

        scores = self.judgements(rubric=rubric.id, judge=name)
        version = self._judges_memories(rubric).get(name, "")
        memory = known.get(version)
        if version and memory is None:
            # A memory that is not kept here may know every label that is older than what its judge said first.
            first = min((j.at for j in scores), default="")
            memory = Learned(version, first, "", frozenset(), False, {})
        model = str(scores[-1].made_by.get("model", "")) if scores else ""
        learned = notebooks_of(self._store, rubric.id, memory) if memory else set()
        return Judged(name, version, scores, learned, promise(self._store, rubric.id, name, model, memory))

    def _labelled(self, rubric: Rubric, rater: str | None) -> set[str]:
        if rater is not None and not rater.strip():
            raise UsageError("a rater needs a name", "Give one with --rater NAME.")
        return {label.notebook for label in self.labels(rubric=rubric.id, rater=rater)}

    def _stems(self, notebooks: Sequence[str], progress: OnProgress) -> dict[str, Counter[str]]:
        from nbalign.audit.likeness import stems

        found = {}
        for n, sha256 in enumerate(notebooks, 1):
            # One that cannot be read any more is like all others: it is not picked for being broken.
            with contextlib.suppress(BadInput):
                found[sha256] = stems(self.notebook(sha256))
            progress(Progress("reading notebooks", n, len(notebooks), "notebooks"))
        return found
