"""In which order a rater goes through the notebooks of a workspace, and why."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

from nbalign.errors import BadInput
from nbalign.notebooks import read
from nbalign.progress import OnProgress, Progress, silent
from nbalign.rubrics.model import Rubric
from nbalign.workspace.auditing import Auditing

if TYPE_CHECKING:
    from nbalign.audit.likeness import Bag
    from nbalign.audit.model import Pick
    from nbalign.audit.order import Ordered
    from nbalign.audit.order_facts import Standing
    from nbalign.audit.order_kinds import OrderKind

_AT_ONCE = 50  # notebooks whose words are kept in one transaction
_ASIDE = 0.002  # seconds between two notebooks in which other threads, such as a screen, come to their turn


class Ordering(Auditing):
    """Everything about the order of work."""

    _orders: dict[tuple[object, ...], Ordered] | None = None

    def queue_order(
        self,
        rater: str,
        kind: OrderKind = "informative",
        rubric: str | None = None,
        *,
        read_words: bool = True,
        progress: OnProgress = silent,
        cancel: threading.Event | None = None,
    ) -> Ordered:
        """All notebooks in the order in which a rater labels them; the same answer again costs nothing.

        Args:
            rater: Who labels.
            kind: `imported`; `random`, which is another for each rater and the same every time; or `informative`: what
                an audit picked, then what is begun, then what judges are unsure of, raters or judges differ on or is
                unlike what is labelled. In the last two, what this rater has done comes last.
            rubric: Rubric id; None for the default.
            read_words: Read the words of notebooks that were never read, some milliseconds each, once. Without them
                an order is there at once, and says how many are unread.
            progress: Told how many are read.
            cancel: Set it to stop reading; the order is then made without the rest.

        Raises:
            NotFound: If there is no such rubric.
            UsageError: If there is no such order.
            StoreError: If the workspace cannot be read.
        """
        from nbalign.audit.order import Ordered, as_imported, at_random, informative
        from nbalign.audit.order_facts import standings
        from nbalign.audit.order_kinds import check_kind
        from nbalign.labels.checks import one_form

        check_kind(kind)
        the_rubric, name = self.rubric(rubric), one_form(rater)
        notebooks = [str(row["sha256"]) for row in self._store.rows("SELECT sha256 FROM notebooks ORDER BY rowid")]
        if kind == "imported":
            return Ordered(kind, tuple(as_imported(notebooks)))
        known = (name, kind, the_rubric.sha256, *self._state())
        kept = (self._orders or {}).get(known)
        if kept is not None and not (read_words and kept.unread):
            return kept
        how = standings(self._store, the_rubric, name)
        total = len(the_rubric.dimensions)
        if kind == "random":
            made = Ordered(kind, tuple(at_random(notebooks, name, how, total)))
        else:
            bags = self._bags(notebooks, read_words, progress, cancel)
            waiting = self._picks_for(the_rubric, how, total)
            places = tuple(informative(notebooks, how, bags, waiting, total))
            made = Ordered(kind, places, sum(notebook not in bags for notebook in notebooks))
        self._orders = {**{k: v for k, v in (self._orders or {}).items() if k[:3] != known[:3]}, known: made}
        return made

    def _state(self) -> tuple[object, ...]:
        """Grows with everything that an order depends on."""
        row = self._store.rows(
            "SELECT (SELECT count(*) FROM notebooks), (SELECT max(id) FROM label_events),"
            " (SELECT max(rowid) FROM judgements), (SELECT max(id) FROM audit_picks)"
        )[0]
        return tuple(row)

    def _picks_for(self, rubric: Rubric, how: dict[str, Standing], total: int) -> list[Pick]:
        """What an audit picked and neither this rater has done nor anybody else has begun."""
        from nbalign.audit.picks import PickStore, waiting

        taken = {notebook for notebook, each in how.items() if each.others or each.mine >= total}
        return waiting(PickStore(self._store).all(rubric.id), taken)

    def _bags(
        self, notebooks: list[str], read_words: bool, progress: OnProgress, cancel: threading.Event | None
    ) -> dict[str, Bag]:
        from nbalign.audit.bags import BagStore
        from nbalign.audit.likeness import bag, stems

        store = BagStore(self._store)
        bags = store.all()
        missing = [notebook for notebook in notebooks if notebook not in bags] if read_words else []
        new: dict[str, Bag] = {}
        for n, sha256 in enumerate(missing, 1):
            if cancel is not None and cancel.is_set():
                break
            raw, name, sidecar = self._notebooks.raw(sha256)
            try:
                # Not through `notebook`: thousands of them would push out those that are looked at.
                new[sha256] = bag(stems(read(raw, name, sidecar=sidecar)))
            except BadInput:
                new[sha256] = bag(Counter())  # one that cannot be read any more is like all others
            if len(new) == _AT_ONCE:
                store.keep(new)
                bags |= new
                new = {}
            progress(Progress("reading notebooks", n, len(missing), "notebooks"))
            time.sleep(_ASIDE)
        store.keep(new)
        return bags | new
