"""Judges in a workspace: what they read, what they say, and how near they are to the raters."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nbalign.errors import NotFound, UsageError
from nbalign.judge.batch import JudgeReport
from nbalign.judge.model import Judgement
from nbalign.judge.session import DEFAULT_BUDGET, JudgeOptions, Session
from nbalign.labels.consensus import consensus
from nbalign.labels.model import Label
from nbalign.notebooks import read_file
from nbalign.progress import OnProgress, silent
from nbalign.rubrics.model import Rubric
from nbalign.workspace.labelling import Labelling

if TYPE_CHECKING:
    from nbalign.evaluate.agreement import Agreement
    from nbalign.evaluate.beside import Beside
    from nbalign.judge.digest import Digest


class Judging(Labelling):
    """Everything about judgements."""

    def digest(
        self,
        notebook: str,
        budget: int = DEFAULT_BUDGET,
        model: str | None = None,
        progress: OnProgress = silent,
    ) -> Digest:
        """What a judge reads of a notebook, counted with a model's own tokenizer.

        Args:
            notebook: Name or hash, or the path of a file that need not be in the workspace.
            budget: Most tokens, at least 64.
            model: Name, file name or path of a model; None takes the best that this machine holds.
            progress: Told about the checking of a model that was never checked.

        Raises:
            NotFound: If there is no such notebook.
            BadInput: If the file cannot be read.
            ModelError: If the model is missing or damaged.
        """
        from nbalign.judge.preview import preview

        try:
            chosen = self.notebook(notebook)
        except NotFound:
            if not Path(notebook).is_file():
                raise
            chosen = read_file(Path(notebook))[1]
        return preview(chosen, self.cache, model=model, budget=budget, progress=progress)

    def judge(
        self,
        notebooks: Sequence[str] = (),
        *,
        dimensions: Sequence[str] = (),
        rubric: str | None = None,
        model: str | None = None,
        options: JudgeOptions | None = None,
        progress: OnProgress = silent,
        cancel: threading.Event | None = None,
    ) -> JudgeReport:
        """Scores notebooks with a local model; what was judged before under the same key is not computed again.

        Each judgement is kept as soon as it is there, so stopping, or losing power, loses none that is finished.

        Args:
            notebooks: Names or hashes; none means all.
            dimensions: Dimension ids; none means all of the rubric.
            rubric: Rubric id; None for the default.
            model: Name, file name or path of a model; None takes that of the options.
            options: Model, budget, rationale and engine settings; None takes the defaults.
            progress: Told tokens done and expected.
            cancel: Set it to stop.

        Raises:
            NotFound: If a notebook or dimension is unknown, or there are no notebooks.
            ModelError: If the model is missing, damaged, does not load, or its worker dies.
        """
        the_rubric = self.rubric(rubric)
        chosen = self._dimensions(the_rubric, dimensions)
        infos = {info.sha256: info for info in self.notebooks()}
        wanted = list(dict.fromkeys(self._notebooks.resolve(ref) for ref in notebooks)) or list(infos)
        if not wanted:
            raise NotFound("there are no notebooks to judge", "Bring some in: nbalign import PATHS")
        chosen_options = options or JudgeOptions()
        if model is not None:
            chosen_options = replace(chosen_options, model=model)
        session = Session(self._archive, self.cache, self.notebook, the_rubric, chosen_options)
        return session.run([infos[sha256] for sha256 in wanted], chosen, progress, cancel)

    def judgements(
        self,
        notebook: str | None = None,
        rubric: str | None = None,
        dimension: str | None = None,
        judge: str | None = None,
    ) -> list[Judgement]:
        """Judgements that match all filters given, oldest first."""
        return self._archive.judgements(self._hash_of(notebook), rubric, dimension, judge)

    def judges(self, rubric: str | None = None) -> list[tuple[str, int, str]]:
        """(name, notebooks scored, when last) of every judge of a rubric, the latest first."""
        return self._archive.judges(self.rubric(rubric).id)

    def agreement(
        self, rubric: str | None = None, judge: str | None = None, raters: Sequence[str] | None = None
    ) -> Agreement:
        """Compares a judge with the raters' consensus, and raters with each other.

        Args:
            rubric: Rubric id; None for the default.
            judge: Name of the judge, or the beginning of it; None takes the one that judged last.
            raters: Only these raters' labels; None takes all of them.

        Raises:
            NotFound: If the judge is unknown, or its name fits several.
        """
        from nbalign.evaluate.agreement import agreement

        the_rubric, judgements, labels, truth = self._compared(rubric, judge, raters)
        return agreement(the_rubric, judgements, labels, truth)

    def beside(
        self, rubric: str | None = None, judge: str | None = None, raters: Sequence[str] | None = None
    ) -> tuple[Beside, ...]:
        """The scores of a judge beside the raters' settled scores, notebook by notebook; see `agreement`."""
        from nbalign.evaluate.beside import beside

        the_rubric, judgements, _, truth = self._compared(rubric, judge, raters)
        return beside(the_rubric, judgements, truth)

    def _compared(
        self, rubric: str | None, judge: str | None, raters: Sequence[str] | None
    ) -> tuple[Rubric, list[Judgement], list[Label], dict[tuple[str, str], int | None]]:
        the_rubric = self.rubric(rubric)
        name = self._judge_called(the_rubric, judge)
        unknown = sorted(set(raters or ()) - set(self.raters()))
        if unknown:
            raise NotFound(
                f"there is no rater {', '.join(unknown)}", f"Raters here: {', '.join(self.raters()) or 'none'}."
            )
        judgements = self.judgements(rubric=the_rubric.id, judge=name) if name else []
        labels = [
            label
            for label in self.labels(rubric=the_rubric.id)
            if raters is None or label.role == "decision" or label.rater in raters
        ]
        # A score that this rubric does not have (any more) must not settle anything: it is counted and left out.
        asked, values = {d.id for d in the_rubric.dimensions}, set(the_rubric.scale.values)
        valid = [label for label in labels if label.dimension in asked and label.score in values]
        settled = consensus(valid, the_rubric.scale)
        return the_rubric, judgements, labels, {key: found.score for key, found in settled.items()}

    def _judge_called(self, rubric: Rubric, judge: str | None) -> str | None:
        names = [name for name, _, _ in self._archive.judges(rubric.id)]
        if judge is None:
            return names[0] if names else None
        fits = [name for name in names if name == judge] or [name for name in names if name.startswith(judge)]
        if len(fits) == 1:
            return fits[0]
        here = f"Judges here: {', '.join(names)}." if names else "Nothing has been judged yet: nbalign judge"
        if fits:
            raise UsageError(f"{len(fits)} judges are called {judge}", here)
        raise NotFound(f"there is no judge {judge}", here)
