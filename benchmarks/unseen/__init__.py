"""Rule scores of evidence on notebooks that were not at hand when the rules were made.

From the root of the repository: `python -m benchmarks.unseen`. What they are is in README.md beside this file.
"""
