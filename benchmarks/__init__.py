"""Measurements of nbalign on the machine at hand: `python -m benchmarks [NAME…]`."""
