"""A process that writes labels and says of each when it is safe: `python -m tests.labels.writer DB RATER COUNT`."""

from __future__ import annotations

import sys
from pathlib import Path

from nbalign.labels.events import LabelStore
from nbalign.store.database import Store
from nbalign.store.notebooks import NotebookStore
from tests.store.made import rubric


def main(path: str, rater: str, count: int) -> None:
    with Store.open(Path(path), busy_seconds=60) as store:
        labels = LabelStore(store)
        infos = NotebookStore(store).infos()
        for n in range(count):
            # A new justification each time makes each a new event, though the keys repeat.
            label = labels.set(infos[n % len(infos)].sha256, rubric(), "alpha", rater, n % 4, f"{rater} {n}")
            print(label.event, label.justification, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
