"""Calls of MLflow and what they log."""
