"""The labelling terminal."""
