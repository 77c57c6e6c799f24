"""What experts took out of learning in a workspace: marks on notebooks and raters, whose labels all stay."""

from __future__ import annotations

from collections.abc import Sequence

from nbalign.errors import NotFound
from nbalign.labels.model import Label
from nbalign.workspace.judging import Judging

_LEFT_OUT = "unaligned"  # the setting that lists what is not learned from


class Unaligning(Judging):
    """Everything about what is not learned from."""

    def unalign(
        self,
        notebooks: Sequence[str] = (),
        raters: Sequence[str] = (),
        *,
        again: bool = False,
        instead_of: tuple[Sequence[str], Sequence[str]] | None = None,
    ) -> tuple[list[str], list[str]]:
        """Leaves notebooks or raters out of what is learned from, from the next alignment on; labels stay.

        Args:
            notebooks: Names or hashes.
            raters: Names of raters.
            again: Learn from them again instead.
            instead_of: What is taken to be left out already, for trying: nothing is kept then. None takes what is kept.

        Returns:
            Everything that is left out now: content hashes of notebooks, and raters.

        Raises:
            NotFound: If there is no such notebook or rater.
        """
        hashes = {self._notebooks.resolve(ref) for ref in notebooks}
        unknown = sorted(set(raters) - set(self.raters()))
        if unknown:
            raise NotFound(
                f"there is no rater {', '.join(unknown)}", f"Raters here: {', '.join(self.raters()) or 'none'}."
            )
        out_notebooks, out_raters = (set(names) for names in (instead_of or self.left_out()))
        out_notebooks = out_notebooks - hashes if again else out_notebooks | hashes
        out_raters = out_raters - set(raters) if again else out_raters | set(raters)
        found = sorted(out_notebooks), sorted(out_raters)
        if (hashes or raters) and instead_of is None:
            self.set_setting(_LEFT_OUT, {"notebooks": found[0], "raters": found[1]})
        return found

    def left_out(self) -> tuple[list[str], list[str]]:
        """What is not learned from: content hashes of notebooks, and raters."""
        kept = self.setting(_LEFT_OUT)
        if not isinstance(kept, dict):
            return [], []
        return [str(n) for n in kept.get("notebooks", ())], [str(r) for r in kept.get("raters", ())]

    def _taught(self, labels: Sequence[Label]) -> list[Label]:
        """Those of these labels that may be learned from."""
        from nbalign.align.learned import learned_from

        return learned_from(labels, *self.left_out())
