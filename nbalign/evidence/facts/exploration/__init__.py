"""Looks at data, and the words about them."""
