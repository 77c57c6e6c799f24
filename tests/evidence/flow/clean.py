"""Notebooks without a leak, for tests: what the reading wrongly says of them."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

from nbalign.evidence import read_evidence
from nbalign.evidence.facts.reading.leaks import leaks
from tests.evidence.building import notebook
from tests.evidence.flow.leaking import trace_of

_MARK = "# %%\n"
# Kinds of facts that speak of rows that had their say where they must not have it.
LEAKAGE = frozenset({
    "fill_learned_from_test_rows", "filled_from_target", "target_filled", "test_filled_from_itself",
    "scaled_before_split", "selected_before_split", "projected_before_split", "vectorised_before_split",
    "clustered_before_split", "target_means_of_all_rows", "statistic_of_all_rows", "feature_made_of_target",
    "target_made_of_feature", "window_looks_ahead", "window_includes_present", "refitted_on_test",
    "searched_on_all", "no_hold_out", "trained_on_test_rows", "chosen_on_test", "resampled_before_split",
    "preparation_refitted", "known_rows_as_new", "training_metrics_only", "fitted_rows_measured",
    "all_rows_measured", "training_score_as_test",
})  # fmt: skip


@dataclass(frozen=True)
class Clean:
    """One notebook in which nothing leaks.

    Attributes:
        name: What the test is called.
        source: Its code cells, parted by `# %%`.
        stated: Kinds of `LEAKAGE` that are stated all the same, and rightly so: a search over all rows, for instance.
    """

    name: str
    source: str
    stated: frozenset[str] = frozenset()


def alarms(case: Clean) -> list[str]:
    """What is wrongly said to leak; encodings of categories, which give away next to nothing, are left out."""
    found = [
        f"{learned.what} {learned.how} of [{learned.at.cell}] shown by {type(event).__name__} in [{event.at.cell}]"
        for learned, event in leaks(trace_of(case.source)).values()
        if learned.what != "encode"
    ]
    cells = dedent(case.source).strip().split(_MARK)
    facts = read_evidence(notebook(*cells), strict=True).facts
    wrong = LEAKAGE - case.stated
    return found + [f"{f.kind.name}: {f.text} {f.cells}" for f in facts if f.kind.name in wrong]
