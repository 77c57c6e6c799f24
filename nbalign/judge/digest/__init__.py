"""What a model reads of a notebook within a token budget, the same for every dimension of a rubric."""

from nbalign.judge.digest.build import digest
from nbalign.judge.digest.model import Digest, Omission

__all__ = ["VERSION", "Digest", "Omission", "digest"]

VERSION = "2"  # raised with every change to what a digest says: it is part of each judgement's key
