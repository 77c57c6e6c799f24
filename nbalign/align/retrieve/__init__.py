"""Episodic memory at work: which precedents are near a notebook, and what they say."""

from nbalign.align.retrieve.meaning import Lookup, Meaning
from nbalign.align.retrieve.query import Query, make_query, vector
from nbalign.align.retrieve.retriever import Neighbour, Retriever
from nbalign.align.retrieve.shown import shown

__all__ = ["Lookup", "Meaning", "Neighbour", "Query", "Retriever", "make_query", "shown", "vector"]
