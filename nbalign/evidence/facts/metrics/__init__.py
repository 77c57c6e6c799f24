"""Metrics: which, on which rows, beside what, and what is said of them."""
