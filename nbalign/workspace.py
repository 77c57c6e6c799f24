"""The one object both faces talk to: it opens the store and wires the rooms together.

Everything the command line and the terminal UI do goes through `Workspace`; a script can do the same:

    from nbalign import Workspace

    ws = Workspace.create("study", sample=True)
    report = ws.judge(["wine-027"], model="smollm2-135m")
    for judgement in report.judgements:
        print(judgement.dimension, judgement.score, judgement.probabilities)
    ws.set_label("wine-027", "model_training", 2, rater="ann", justification="No cross-validation.", cells=[7])
    print(ws.agreement().summary)
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from nbalign.errors import NotFound, UsageError
from nbalign.importing import ImportReport, import_notebooks
from nbalign.judge.archive import Archive
from nbalign.judge.batch import JudgeReport
from nbalign.judge.model import Judgement
from nbalign.judge.session import DEFAULT_BUDGET, JudgeOptions, Session
from nbalign.labels.checks import Source
from nbalign.labels.consensus import consensus
from nbalign.labels.events import LabelStore
from nbalign.labels.exchange import ImportedLabels, export_file, export_text, import_file
from nbalign.labels.flags import Flag
from nbalign.labels.model import Label, LabelEvent, Role
from nbalign.notebooks import read, read_file
from nbalign.notebooks.model import Notebook
from nbalign.progress import OnProgress, silent
from nbalign.rubrics.model import Dimension, Rubric
from nbalign.rubrics.packaged import packaged, read_rubric
from nbalign.rubrics.parse import parse
from nbalign.store.database import Store
from nbalign.store.notebooks import NotebookInfo, NotebookStore
from nbalign.store.rubrics import RubricStore

if TYPE_CHECKING:
    from nbalign.evaluate.agreement import Agreement
    from nbalign.evaluate.beside import Beside
    from nbalign.judge.digest import Digest

DATABASE = "nbalign.db"
DEFAULT_RUBRIC = "ml-notebook"
_CACHED_NOTEBOOKS = 4


class Workspace:
    """A folder with notebooks, rubrics, labels and judgements. Safe to use from several threads and processes.

    Use `create`, `open` or `find`, not the constructor; close it when done, or use it in a `with` block.

    Attributes:
        path: The folder.
    """

    def __init__(self, path: Path, store: Store) -> None:
        self.path = path
        self._store = store
        self._notebooks = NotebookStore(store)
        self._rubrics = RubricStore(store)
        self._labels = LabelStore(store)
        self._archive = Archive(store)
        self._cache: OrderedDict[str, Notebook] = OrderedDict()
        self._lock = threading.Lock()

    # -- opening ------------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, path: str | Path, *, sample: bool = False, progress: OnProgress = silent) -> Self:
        """Makes a workspace with the packaged rubrics.

        Args:
            path: Folder; made if missing. It may hold other files, but no workspace.
            sample: Also take in the graded sample notebooks with their labels.
            progress: Told about the samples.

        Raises:
            StoreError: If there is a workspace already or the folder cannot be written.
        """
        folder = Path(path).expanduser()
        workspace = cls(folder, Store.create(folder / DATABASE))
        for rubric in packaged():
            workspace._rubrics.add(rubric)
        if sample:
            workspace.add_samples(progress)
        return workspace

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Opens the workspace in a folder.

        Raises:
            NotFound: If there is none in it.
            StoreError: If it cannot be opened.
        """
        folder = Path(path).expanduser()
        if not (folder / DATABASE).is_file():
            raise NotFound(
                f"there is no workspace in {folder}", f"Make one: nbalign init {folder}  (with samples: --sample)"
            )
        return cls(folder, Store.open(folder / DATABASE))

    @classmethod
    def find(cls, path: str | Path | None = None) -> Self:
        """Opens the workspace named, or the nearest at or above the current folder.

        Raises:
            NotFound: If there is none.
        """
        if path is not None:
            return cls.open(path)
        try:
            here = Path.cwd()
        except OSError as error:
            raise NotFound("the current folder is not there any more", "Go to another one, or use -w DIR.") from error
        for folder in (here, *here.parents):
            if (folder / DATABASE).is_file():
                return cls.open(folder)
        raise NotFound(
            f"there is no workspace at or above {here}",
            "Make one: nbalign init DIR --sample   then: cd DIR   (or name one with -w DIR)",
        )

    def close(self) -> None:
        """Closes the store."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- notebooks ----------------------------------------------------------------------------------------------

    def import_notebooks(self, paths: Sequence[str | Path], progress: OnProgress = silent) -> ImportReport:
        """Brings notebooks in; the same content twice is a no-op.

        Args:
            paths: Files, and folders that are searched.
            progress: Told how many files are done.

        Raises:
            NotFound: If nothing is found.
            StoreError: If the workspace cannot be written.
        """
        return import_notebooks(self._notebooks, [Path(p) for p in paths], progress)

    def notebooks(self) -> list[NotebookInfo]:
        """All notebooks in the order of their import, without their contents."""
        return self._notebooks.infos()

    def notebook(self, ref: str) -> Notebook:
        """A notebook by name, hash or hash prefix.

        Raises:
            NotFound: If there is none; near names are suggested.
            UsageError: If the name fits several.
        """
        sha256 = self._notebooks.resolve(ref)
        with self._lock:
            if sha256 in self._cache:
                self._cache.move_to_end(sha256)
                return self._cache[sha256]
        raw, name, sidecar = self._notebooks.raw(sha256)
        notebook = read(raw, name, sidecar=sidecar)
        with self._lock:
            self._cache[sha256] = notebook
            while len(self._cache) > _CACHED_NOTEBOOKS:
                self._cache.popitem(last=False)
        return notebook

    def name_of(self, sha256: str) -> str:
        """The name of a notebook, or the start of its hash where it is not here."""
        names = {info.sha256: info.name for info in self.notebooks()}
        return names.get(sha256, sha256[:12])

    def add_samples(self, progress: OnProgress = silent) -> None:
        """Takes in the graded sample notebooks, with the labels of their raters and the adjudicated decisions."""
        from nbalign.resources import data_path

        folder = data_path("sample_notebooks")
        self.import_notebooks([folder / "notebooks"], progress)
        self.import_labels(folder / "labels.jsonl")
        self.import_labels(folder / "consensus.jsonl")
        self.set_setting(
            "caveat",
            "The sample notebooks and their labels were made with large language models, not by human experts; "
            "these raters agree far more closely than people do.",
        )

    # -- rubrics ------------------------------------------------------------------------------------------------

    def rubrics(self) -> list[Rubric]:
        """The rubrics of this workspace, the latest version of each."""
        latest: dict[str, Rubric] = {}
        for row in self._rubrics.list():
            latest[row.id] = parse(row.text, row.id)
        return list(latest.values())

    def rubric(self, ref: str | None = None) -> Rubric:
        """A rubric by id or hash; without one the nine-dimension rubric, or the only one there is.

        Raises:
            NotFound: If there is none.
        """
        if ref is None:
            ids = {row.id for row in self._rubrics.list()}
            ref = next(iter(ids)) if len(ids) == 1 else DEFAULT_RUBRIC
        row = self._rubrics.get(ref)
        return parse(row.text, row.id)

    def add_rubric(self, path: str | Path) -> tuple[Rubric, bool]:
        """Adds a rubric from a YAML file.

        Returns:
            The rubric, and whether it is new here.

        Raises:
            BadInput: With every problem and its line.
        """
        rubric = read_rubric(Path(path))
        return rubric, self._rubrics.add(rubric)

    def scale_name(self, rubric_id: str, score: int) -> str:
        """The short name of a score on a rubric's scale."""
        return self.rubric(rubric_id).scale.name(score)

    def _dimensions(self, rubric: Rubric, ids: Iterable[str]) -> tuple[Dimension, ...]:
        wanted = list(dict.fromkeys(ids))
        known = {d.id: d for d in rubric.dimensions}
        unknown = [i for i in wanted if i not in known]
        if unknown:
            raise NotFound(f"rubric {rubric.id} has no dimension {', '.join(unknown)}", f"It has: {', '.join(known)}.")
        return tuple(known[i] for i in wanted) or rubric.dimensions

    # -- labels -------------------------------------------------------------------------------------------------

    def set_label(
        self,
        notebook: str,
        dimension: str,
        score: int,
        *,
        rater: str,
        justification: str = "",
        cells: Iterable[int] = (),
        rubric: str | None = None,
        role: Role = "rater",
        source: Source = "api",
    ) -> Label:
        """Sets a rater's score: one durable transaction, which has happened when this returns.

        Args:
            notebook: Name, hash or hash prefix.
            dimension: Dimension id.
            score: A value of the rubric's scale.
            rater: Who scores; for a decision, who adjudicates.
            justification: Why, in the rater's words.
            cells: Numbers of cited cells.
            rubric: Rubric id; None for the default.
            role: `decision` for the adjudicated score that settles a disagreement.
            source: Where it comes from: `tui`, `cli`, `import` or `api`.

        Raises:
            UsageError: If notebook, dimension, score, rater or a cell is not possible.
            StoreError: If it could not be written; nothing has changed then.
        """
        return self._labels.set(
            self._notebooks.resolve(notebook),
            self.rubric(rubric),
            dimension,
            rater,
            score,
            justification,
            tuple(cells),
            role=role,
            source=source,
        )

    def clear_label(
        self,
        notebook: str,
        dimension: str,
        *,
        rater: str,
        rubric: str | None = None,
        role: Role = "rater",
        source: Source = "api",
    ) -> LabelEvent | None:
        """Takes a rater's score away; the history keeps it. None when there was no score."""
        sha256 = self._notebooks.resolve(notebook)
        return self._labels.clear(sha256, self.rubric(rubric), dimension, rater, role=role, source=source)

    def labels(
        self,
        notebook: str | None = None,
        rubric: str | None = None,
        dimension: str | None = None,
        rater: str | None = None,
        role: Role | None = None,
    ) -> list[Label]:
        """Current labels that match all filters given."""
        sha256 = self._notebooks.resolve(notebook) if notebook is not None else None
        return self._labels.current(sha256, rubric, dimension, rater, role)

    def label_history(
        self,
        notebook: str | None = None,
        rubric: str | None = None,
        dimension: str | None = None,
        rater: str | None = None,
        limit: int | None = None,
    ) -> list[LabelEvent]:
        """Label events that match all filters given, newest last."""
        sha256 = self._notebooks.resolve(notebook) if notebook is not None else None
        return self._labels.history(sha256, rubric, dimension, rater, limit=limit)

    def undo(self, rater: str, *, notebook: str | None = None, source: Source = "api") -> LabelEvent | None:
        """Takes back a rater's latest change, one step a call, over restarts; None when there is nothing left."""
        return self._labels.undo(rater, notebook=self._notebooks.resolve(notebook) if notebook else None, source=source)

    def redo(self, rater: str, *, notebook: str | None = None, source: Source = "api") -> LabelEvent | None:
        """Brings back what the rater's latest undo took; None when there is nothing to bring back."""
        return self._labels.redo(rater, notebook=self._notebooks.resolve(notebook) if notebook else None, source=source)

    def raters(self, role: Role | None = None) -> list[str]:
        """Everybody who has labels here, in one role or in either, sorted."""
        return self._labels.raters(role)

    def label_counts(self, rater: str, rubric_id: str) -> dict[str, int]:
        """Content hash -> how many dimensions this rater has scored; notebooks without any are left out."""
        return self._labels.counts(rater, rubric_id)

    def set_flag(self, notebook_sha256: str, rater: str, flag: Flag, on: bool) -> None:
        """Sets or takes away a rater's mark on a notebook: `flagged` or `skipped`."""
        self._labels.set_flag(notebook_sha256, rater, flag, on)

    def flags(self, rater: str) -> dict[str, set[str]]:
        """Content hash -> this rater's marks."""
        return self._labels.flags(rater)

    def save_draft(
        self, notebook_sha256: str, rubric_id: str, dimension: str, rater: str, text: str, cells: Sequence[int] = ()
    ) -> None:
        """Keeps words and citations that have no score yet; setting the score drops the draft."""
        self._labels.save_draft(notebook_sha256, rubric_id, dimension, rater, text, cells)

    def draft(
        self, notebook_sha256: str, rubric_id: str, dimension: str, rater: str
    ) -> tuple[str, tuple[int, ...]] | None:
        """The words and cited cells of a draft, or None."""
        draft = self._labels.draft(notebook_sha256, rubric_id, dimension, rater)
        return None if draft is None else (draft.text, draft.cells)

    def export_labels(self, path: str | Path, format: str | None = None) -> int:
        """Writes all current labels to a file, whole or not at all.

        Args:
            path: The file.
            format: `jsonl` or `csv`; None goes by the suffix.

        Returns:
            How many labels were written.
        """
        return export_file(self._store, Path(path), format)

    def labels_as_text(self, format: str = "jsonl") -> str:
        """All current labels as the text of a file, `jsonl` or `csv`."""
        return export_text(self._store, format)[0]

    def import_labels(self, path: str | Path, format: str | None = None) -> ImportedLabels:
        """Takes in labels from a file: all of them, or none and a list of what is wrong by line.

        Args:
            path: The file.
            format: `jsonl` or `csv`; None goes by the suffix.

        Raises:
            BadInput: If any line is wrong.
        """
        return import_file(self._store, Path(path), self.rubric, format)

    # -- judging ------------------------------------------------------------------------------------------------

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
        sha256 = self._notebooks.resolve(notebook) if notebook is not None else None
        return self._archive.judgements(sha256, rubric, dimension, judge)

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

    def beside(self, rubric: str | None = None, judge: str | None = None) -> tuple[Beside, ...]:
        """The scores of a judge beside the raters' settled scores, notebook by notebook; see `agreement`."""
        from nbalign.evaluate.beside import beside

        the_rubric, judgements, _, truth = self._compared(rubric, judge, None)
        return beside(the_rubric, judgements, truth)

    def _compared(
        self, rubric: str | None, judge: str | None, raters: Sequence[str] | None
    ) -> tuple[Rubric, list[Judgement], list[Label], dict[tuple[str, str], int | None]]:
        the_rubric = self.rubric(rubric)
        name = self._judge_called(the_rubric, judge)
        judgements = self.judgements(rubric=the_rubric.id, judge=name) if name else []
        labels = [
            label
            for label in self.labels(rubric=the_rubric.id)
            if raters is None or label.role == "decision" or label.rater in raters
        ]
        settled = consensus(labels, the_rubric.scale)
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

    # -- the rest -----------------------------------------------------------------------------------------------

    @property
    def cache(self) -> Path:
        """Folder of what may be deleted at any time: parked prefixes."""
        return self.path / "cache"

    def setting(self, name: str) -> object | None:
        """A setting of this workspace, or None."""
        return self._settings().get(name)

    def set_setting(self, name: str, value: object) -> None:
        """Keeps a setting; its value must be JSON."""
        with self._store.write() as db:
            db.table("settings").insert({"name": name, "value": json.dumps(value)}, pk="name", replace=True)

    def _settings(self) -> Mapping[str, object]:
        rows = self._store.rows("SELECT name, value FROM settings")
        return {row["name"]: json.loads(row["value"]) for row in rows}
