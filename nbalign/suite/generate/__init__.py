"""Generators: what turns a case of a suite into a notebook."""
