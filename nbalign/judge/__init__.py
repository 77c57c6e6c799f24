"""Prompt to scores: rubric and digest in, judgements out."""
