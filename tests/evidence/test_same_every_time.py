"""The same notebook gives the same facts in every process, whatever seed Python's hashes have there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

# Several columns are made into word counts, each in a cell of its own, and stacked: leaks of one kind, of which a fact
# names one.
_SCRIPT = """
from nbalign.evidence import read_evidence
from tests.evidence.building import notebook
cells = ["import pandas as pd\\nfrom scipy.sparse import hstack\\nfrom sklearn.linear_model import Ridge\\n"
         "from sklearn.feature_extraction.text import CountVectorizer\\n"
         "from sklearn.model_selection import train_test_split\\ndf = pd.read_csv('a.csv')"]
cells += [f"cv = CountVectorizer()\\nX{i} = cv.fit_transform(df['t{i}'])" for i in range(8)]
cells += ["X = hstack((X0, X1, X2, X3, X4, X5, X6, X7)).tocsr()",
          "a, b, c, d = train_test_split(X, df.y)\\nm = Ridge().fit(a, c)\\nprint(m.score(b, d))"]
for fact in read_evidence(notebook(*cells)).facts:
    print(fact.kind.name, fact.cells, fact.text)
"""


def test_facts_do_not_depend_on_the_seed_of_hashes() -> None:
    def said(seed: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", _SCRIPT],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout

    first = said("0")
    assert "CountVectorizer" in first
    assert [said(seed) for seed in ("1", "2", "3")] == [first] * 3
