"""Putting aligned judges to work: suites of cases, generators that answer them, runs, comparisons, gates."""
