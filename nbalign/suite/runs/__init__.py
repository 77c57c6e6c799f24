"""Runs: the notebooks of one generator for one suite, with their scores."""
