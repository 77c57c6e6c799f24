"""Notebooks in: `.ipynb`, percent scripts and Databricks exports become clean, bounded, numbered `Notebook`s."""

from __future__ import annotations

from nbalign.notebooks.finding import find_notebooks
from nbalign.notebooks.limits import Limits
from nbalign.notebooks.model import Cell, Image, Notebook, Output
from nbalign.notebooks.reading import read, read_file
from nbalign.notebooks.sanitise import clean

__all__ = ["Cell", "Image", "Limits", "Notebook", "Output", "clean", "find_notebooks", "read", "read_file"]
