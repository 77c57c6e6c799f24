"""Notebooks in: `.ipynb`, percent scripts and Databricks exports become clean, bounded, numbered `Notebook`s."""
