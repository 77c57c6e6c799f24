"""How near judges, and evidence alone, are to the raters of a workspace."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nbalign.errors import BadInput, NotFound, UsageError
from nbalign.evaluate.scored import EVIDENCE, is_evident
from nbalign.labels.consensus import consensus
from nbalign.labels.model import Label
from nbalign.progress import OnProgress, Progress, silent
from nbalign.rubrics.model import Rubric
from nbalign.store.database import Store
from nbalign.workspace.remembering import Remembering

if TYPE_CHECKING:
    from nbalign.evaluate.agreement import Agreement
    from nbalign.evaluate.arms import Arms
    from nbalign.evaluate.beside import Beside
    from nbalign.evaluate.scored import Scored
    from nbalign.evidence import Evidence

_SEEN = (
    "What is read as evidence, and what each fact weighs, was settled with these sample notebooks and their labels at "
    "hand: evidence agrees with them far better than it will with notebooks it has not seen."
)


class Comparing(Remembering):
    """Everything about agreement."""

    def __init__(self, path: Path, store: Store) -> None:
        super().__init__(path, store)
        self._evidence: dict[str, Evidence] = {}

    def agreement(
        self,
        rubric: str | None = None,
        judge: str | None = None,
        raters: Sequence[str] | None = None,
        progress: OnProgress = silent,
    ) -> Agreement:
        """Compares a judge with the raters' consensus, and raters with each other.

        Args:
            rubric: Rubric id; None for the default.
            judge: Name of the judge, or the beginning of it; None takes the one that judged last. `evidence` stands
                for the rule scores of what is read off the notebooks, without any model; they are worked out anew.
            raters: Only these raters' labels; None takes all of them.
            progress: Told how many notebooks are read, where evidence is asked for.

        Raises:
            NotFound: If the judge or a rater is unknown.
            UsageError: If the name fits several judges, or facts do not speak of this rubric.
        """
        from nbalign.evaluate.agreement import agreement

        the_rubric, scores, labels, truth = self._compared(rubric, judge, raters, progress)
        return agreement(the_rubric, scores, labels, truth)

    def arms(
        self,
        judges: Sequence[str],
        rubric: str | None = None,
        raters: Sequence[str] | None = None,
        progress: OnProgress = silent,
    ) -> Arms:
        """Compares several judges, and the constant, with the raters' consensus on what all of them scored.

        Args:
            judges: Names as for `agreement`, at least one; a judge named twice is taken once.
            rubric: Rubric id; None for the default.
            raters: Only these raters' labels; None takes all of them.
            progress: Told how many notebooks are read, where evidence is asked for.

        Raises:
            NotFound: If a judge or a rater is unknown.
            UsageError: If a name fits several judges, or facts do not speak of this rubric.
        """
        from nbalign.evaluate.arms import arms

        the_rubric = self.rubric(rubric)
        names = dict.fromkeys(self._judge_called(the_rubric, judge) or judge for judge in judges)
        labels, truth = self._settled(the_rubric, raters)
        return arms(the_rubric, {name: self._scores(the_rubric, name, progress) for name in names}, labels, truth)

    def beside(
        self, rubric: str | None = None, judge: str | None = None, raters: Sequence[str] | None = None
    ) -> tuple[Beside, ...]:
        """The scores of a judge beside the raters' settled scores, notebook by notebook; see `agreement`."""
        from nbalign.evaluate.beside import beside

        the_rubric, scores, _, truth = self._compared(rubric, judge, raters)
        return beside(the_rubric, scores, truth)

    def caveat(self, judges: Iterable[str] = ()) -> str:
        """What must be known of the labels here before figures about these judges are believed; empty for nothing."""
        kept = self.setting("caveat")
        words = [str(kept)] if kept else []
        if self.setting("samples") and any(is_evident(judge) for judge in judges):
            words.append(_SEEN)
        return " ".join(words)

    def _compared(
        self,
        rubric: str | None,
        judge: str | None,
        raters: Sequence[str] | None,
        progress: OnProgress = silent,
    ) -> tuple[Rubric, Sequence[Scored], list[Label], dict[tuple[str, str], int | None]]:
        the_rubric = self.rubric(rubric)
        name = self._judge_called(the_rubric, judge)
        labels, truth = self._settled(the_rubric, raters)
        return the_rubric, self._scores(the_rubric, name, progress) if name else [], labels, truth

    def _scores(self, rubric: Rubric, name: str, progress: OnProgress) -> Sequence[Scored]:
        """The scores of one arm: a judge's are in the store, those of evidence are read off the notebooks."""
        if name != EVIDENCE:
            return self.judgements(rubric=rubric.id, judge=name)
        from nbalign.evaluate.evidence import evidence_scores, speaks_of  # reads every module of facts: slow to import

        if not speaks_of(rubric):
            raise UsageError(
                f"evidence has no scores under the rubric {rubric.id}",
                "Facts are known of the dimensions of ml-notebook, on levels 1 to 3.",
            )
        return evidence_scores(rubric, self._all_evidence(progress))

    def _all_evidence(self, progress: OnProgress) -> list[Evidence]:
        """What is read off every notebook here, once while this workspace is open."""
        infos = self.notebooks()
        for n, info in enumerate(infos, 1):
            if info.sha256 not in self._evidence:
                # One that cannot be read any more has no scores, like one that was never judged.
                with contextlib.suppress(BadInput):
                    self._evidence[info.sha256] = self.evidence(info.sha256)
                progress(Progress("reading facts", n, len(infos), "notebooks"))
        return [self._evidence[info.sha256] for info in infos if info.sha256 in self._evidence]

    def _settled(
        self, the_rubric: Rubric, raters: Sequence[str] | None
    ) -> tuple[list[Label], dict[tuple[str, str], int | None]]:
        """The labels of these raters, and what they settle."""
        unknown = sorted(set(raters or ()) - set(self.raters()))
        if unknown:
            raise NotFound(
                f"there is no rater {', '.join(unknown)}", f"Raters here: {', '.join(self.raters()) or 'none'}."
            )
        labels = [
            label
            for label in self.labels(rubric=the_rubric.id)
            if raters is None or label.role == "decision" or label.rater in raters
        ]
        # A score that this rubric does not have (any more) must not settle anything: it is counted and left out.
        asked, values = {d.id for d in the_rubric.dimensions}, set(the_rubric.scale.values)
        valid = [label for label in labels if label.dimension in asked and label.score in values]
        settled = consensus(valid, the_rubric.scale)
        return labels, {key: found.score for key, found in settled.items()}

    def _judge_called(self, rubric: Rubric, judge: str | None) -> str | None:
        if judge == EVIDENCE:
            return EVIDENCE
        names = [name for name, _, _ in self._archive.judges(rubric.id)]
        if judge is None:
            return names[0] if names else None
        fits = [name for name in names if name == judge] or [name for name in names if name.startswith(judge)]
        if len(fits) == 1:
            return fits[0]
        here = f"Judges here: {', '.join(names)}." if names else "Nothing has been judged yet: nbalign judge."
        here += f" `{EVIDENCE}` needs no judge."
        if fits:
            raise UsageError(f"{len(fits)} judges are called {judge}", here)
        raise NotFound(f"there is no judge {judge}", here)
