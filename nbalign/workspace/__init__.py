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

from pathlib import Path
from typing import Self

from nbalign.progress import OnProgress, silent
from nbalign.resources import data_path
from nbalign.rubrics.packaged import packaged
from nbalign.store.database import Store
from nbalign.workspace.opened import DATABASE
from nbalign.workspace.ordering import Ordering
from nbalign.workspace.recording import Recording
from nbalign.workspace.running import Running

__all__ = ["Workspace"]


class Workspace(Running, Ordering, Recording):
    """A folder with notebooks, rubrics, labels and judgements. Safe to use from several threads and processes.

    Use `create`, `open` or `find`, not the constructor; close it when done, or use it in a `with` block.

    Attributes:
        path: The folder.
    """

    @classmethod
    def create(cls, path: str | Path, *, sample: bool = False, progress: OnProgress = silent) -> Self:
        """Makes a workspace with the packaged rubrics.

        Args:
            path: Folder; made if missing. It may hold other files, but no workspace; one whose samples were never
                finished is finished.
            sample: Also take in the graded sample notebooks with their labels.
            progress: Told about the samples.

        Raises:
            StoreError: If there is a workspace already or the folder cannot be written.
        """
        folder = Path(path).expanduser()
        begun = cls._begun(folder) if sample else None
        if begun is None:
            begun = cls(folder, Store.create(folder / DATABASE))
            for rubric in packaged():
                begun._rubrics.add(rubric)
        if sample:
            begun.add_samples(progress)
        return begun

    @classmethod
    def _begun(cls, folder: Path) -> Self | None:
        """The workspace in a folder if its samples were begun and not finished, so that a stop there is no dead end."""
        if not (folder / DATABASE).is_file():
            return None
        workspace = cls.open(folder)
        if workspace.setting("samples") == "begun":
            return workspace
        workspace.close()
        return None

    def add_samples(self, progress: OnProgress = silent) -> None:
        """Takes in the graded sample notebooks, with the labels of their raters and the adjudicated decisions."""
        folder = data_path("sample_notebooks")
        self.set_setting("samples", "begun")
        self.import_notebooks([folder / "notebooks"], progress)
        self.import_labels(folder / "labels.jsonl")
        self.import_labels(folder / "consensus.jsonl")
        self.set_setting(
            "caveat",
            "The sample notebooks and their labels were made with large language models, not by human experts; "
            "these raters agree far more closely than people do.",
        )
        self.set_setting("samples", "done")
