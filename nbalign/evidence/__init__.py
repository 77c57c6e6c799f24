"""Facts read off a notebook without running it: for the judge, for the rater, and as a transparent score."""

from nbalign.evidence.model import Evidence, Fact, Kind, RuleScore
from nbalign.evidence.read import read_evidence
from nbalign.evidence.rules import rule_score

__all__ = ["VERSION", "Evidence", "Fact", "Kind", "RuleScore", "read_evidence", "rule_score"]

VERSION = "1"  # raised with every change to what facts say: it is part of each judgement's key
