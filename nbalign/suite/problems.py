"""What is wrong with a suite."""

from __future__ import annotations

from nbalign.rubrics.problems import BadText


class BadSuite(BadText):
    """A text that is not a suite; `problems` lists everything that is wrong, with lines."""

    advice = "docs/suites.md says how to write one; `nbalign suite check` tests it."
