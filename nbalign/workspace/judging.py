"""Judges in a workspace: what they read and what they say."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nbalign.errors import NotFound
from nbalign.judge.batch import JudgeReport
from nbalign.judge.model import Judgement
from nbalign.judge.session import DEFAULT_BUDGET, JudgeOptions, Session
from nbalign.notebooks import read_file
from nbalign.notebooks.model import Notebook
from nbalign.progress import OnProgress, silent
from nbalign.workspace.labelling import Labelling

if TYPE_CHECKING:
    from nbalign.evidence import Evidence
    from nbalign.judge.digest import Digest
    from nbalign.store.notebooks import NotebookInfo


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

        chosen = self._here_or_file(notebook)
        return preview(chosen, self.cache, model=model, budget=budget, progress=progress)

    def evidence(self, notebook: str) -> Evidence:
        """The facts that are read off a notebook without running it; no model is needed.

        Args:
            notebook: Name or hash, or the path of a file that need not be in the workspace.

        Raises:
            NotFound: If there is no such notebook.
            BadInput: If the file cannot be read.
        """
        from nbalign.evidence import read_evidence

        return read_evidence(self._here_or_file(notebook))

    def _here_or_file(self, notebook: str) -> Notebook:
        """The notebook of this name or hash; where there is none, the one in the file of this name."""
        try:
            return self.notebook(notebook)
        except NotFound:
            if notebook and Path(notebook).is_dir():
                raise NotFound(f"{notebook!r} is a folder", "Name one notebook in it.") from None
            if not Path(notebook).is_file():
                raise
            return read_file(Path(notebook))[1]

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
        asked = self._asked(notebooks)
        chosen_options = options or JudgeOptions()
        if model is not None:
            chosen_options = replace(chosen_options, model=model)
        session = Session(self._archive, self.cache, self.notebook, the_rubric, chosen_options)
        return session.run(asked, chosen, progress, cancel)

    def _asked(self, notebooks: Sequence[str]) -> list[NotebookInfo]:
        """The notebooks of these names or hashes, each once; all that are in the raters' queue where none is named."""
        if notebooks:
            infos = {info.sha256: info for info in self.notebooks(everything=True)}
            return [infos[sha256] for sha256 in dict.fromkeys(map(self._notebooks.resolve, notebooks))]
        queue = self.notebooks()
        if not queue:
            raise NotFound("there are no notebooks to judge", "Bring some in: nbalign import PATHS")
        return queue

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

    def scores_by_rubric(self) -> dict[str, tuple[int, int]]:
        """Rubric id -> labels that stand and judges that scored, for those with any, in the order of the rubrics."""
        labels = self._store.rows("SELECT rubric, count(*) AS n FROM current_labels GROUP BY rubric")
        judges = self._store.rows("SELECT rubric, count(DISTINCT judge) AS n FROM judgements GROUP BY rubric")
        given, said = ({row["rubric"]: int(row["n"]) for row in rows} for rows in (labels, judges))
        ids = dict.fromkeys([*(row.id for row in self._rubrics.list()), *given, *said])
        return {each: (given.get(each, 0), said.get(each, 0)) for each in ids if each in given or each in said}
