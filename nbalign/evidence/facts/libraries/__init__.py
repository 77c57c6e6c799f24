"""Imports, installs, and what became of library names."""
