"""Human scores in a workspace: set, taken back, listed, exported and imported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from nbalign.labels.checks import Source
from nbalign.labels.exchange import ImportedLabels, export_file, export_text, import_file
from nbalign.labels.flags import Flag
from nbalign.labels.model import Label, LabelEvent, Role
from nbalign.workspace.shelves import Shelves


class Labelling(Shelves):
    """Everything about labels."""

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
        return self._labels.current(self._hash_of(notebook), rubric, dimension, rater, role)

    def label_history(
        self,
        notebook: str | None = None,
        rubric: str | None = None,
        dimension: str | None = None,
        rater: str | None = None,
        limit: int | None = None,
    ) -> list[LabelEvent]:
        """Label events that match all filters given, newest last."""
        return self._labels.history(self._hash_of(notebook), rubric, dimension, rater, limit=limit)

    def undo(
        self,
        rater: str,
        *,
        notebook: str | None = None,
        rubric: str | None = None,
        source: Source = "api",
        role: Role | None = None,
    ) -> LabelEvent | None:
        """Takes back a rater's latest change, one step a call, over restarts; None when there is nothing left.

        Args:
            rater: Whose.
            notebook: Only in this notebook; name, hash or hash prefix.
            rubric: Only on the rubric with this id.
            source: Where the wish comes from.
            role: Only scores, or only decisions; None takes whichever was later.
        """
        return self._labels.undo(rater, rubric, self._hash_of(notebook), source, role)

    def redo(
        self,
        rater: str,
        *,
        notebook: str | None = None,
        rubric: str | None = None,
        source: Source = "api",
        role: Role | None = None,
    ) -> LabelEvent | None:
        """Brings back what the rater's latest undo took; the arguments are those of `undo`."""
        return self._labels.redo(rater, rubric, self._hash_of(notebook), source, role)

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
        self,
        notebook_sha256: str,
        rubric_id: str,
        dimension: str,
        rater: str,
        text: str,
        cells: Sequence[int] = (),
        role: Role = "rater",
    ) -> None:
        """Keeps words and citations of a score, or of a decision, that is not there yet; setting it drops the draft."""
        self._labels.save_draft(notebook_sha256, rubric_id, dimension, rater, text, cells, role)

    def drafts(
        self, rater: str, rubric_id: str, role: Role = "rater"
    ) -> dict[tuple[str, str], tuple[str, tuple[int, ...]]]:
        """(notebook, dimension) -> words and cited cells of every draft of a rater."""
        found = self._labels.drafts(rubric_id, rater, role)
        return {key: (draft.text, draft.cells) for key, draft in found.items()}

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

    def import_labels(self, path: str | Path, format: str | None = None, rubric: str | None = None) -> ImportedLabels:
        """Takes in labels from a file: all of them, or none and a list of what is wrong by line.

        Args:
            path: The file.
            format: `jsonl` or `csv`; None goes by the suffix.
            rubric: Rubric id of the lines that name none; None for the default.

        Raises:
            NotFound: If there is no such rubric.
            BadInput: If any line is wrong.
        """
        meant = None if rubric is None else self.rubric(rubric)
        return import_file(
            self._store, Path(path), lambda ref: meant if meant and ref is None else self.rubric(ref), format
        )
