"""Notebook code that runs, because somebody asked for it: in a kernel, in a sandbox, within bounds."""
