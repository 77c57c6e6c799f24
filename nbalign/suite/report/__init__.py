"""Comparisons, gates and runs as files: pages, JUnit XML and Markdown, none of which needs anything else."""
