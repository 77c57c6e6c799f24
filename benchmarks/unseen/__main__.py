"""Prints the error of evidence alone on the unseen notebooks, beside a constant learned on the samples."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from pathlib import Path

from nbalign.evidence import read_evidence, rule_score
from nbalign.notebooks import read_file

HERE = Path(__file__).parent
SAMPLES = HERE.parent.parent / "sample_notebooks"


def grades(path: Path) -> dict[tuple[str, str], int]:
    """(notebook, dimension) -> score."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {(row["notebook"], row["dimension"]): row["score"] for row in rows}


def main() -> None:
    """Prints a row a dimension, and the mean over dimensions."""
    truth = grades(HERE / "grades.jsonl")
    learned: dict[str, list[int]] = defaultdict(list)
    for (_, dimension), score in grades(SAMPLES / "consensus.jsonl").items():
        if score:
            learned[dimension].append(score)
    read = {name: read_evidence(read_file(HERE / "notebooks" / name)[1]) for name in dict.fromkeys(n for n, _ in truth)}
    print(f"{len(read)} notebooks\n\ndimension             pairs   MAE  exact  constant  N/A  unscored")
    errors, constants = [], []
    for dimension in dict.fromkeys(d for _, d in truth):
        rules = {name: rule_score(dimension, evidence.of(dimension)) for name, evidence in read.items()}
        scored = [(truth[name, dimension], rule.score) for name, rule in rules.items() if rule is not None]
        pairs = [(true, given) for true, given in scored if true and given]
        middle = statistics.median_low(learned[dimension])
        error = statistics.fmean(abs(true - given) for true, given in pairs)
        constant = statistics.fmean(abs(true - middle) for true, _ in pairs)
        exact = statistics.fmean(true == given for true, given in pairs)
        both, only_rule = (sum(g == 0 and (t == 0) is same for t, g in scored) for same in (True, False))
        only_truth = sum(true == 0 and given != 0 for true, given in scored)
        errors.append(error)
        constants.append(constant)
        print(
            f"{dimension:<21} {len(pairs):5d}  {error:4.2f}  {exact:5.0%}  {constant:8.2f}"
            f"  {both}/{only_rule}/{only_truth}  {len(rules) - len(scored)}"
        )
    print(f"{'mean':<21}        {statistics.fmean(errors):4.2f}         {statistics.fmean(constants):8.2f}")


if __name__ == "__main__":
    main()
