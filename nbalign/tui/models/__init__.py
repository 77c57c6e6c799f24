"""The room `models`: which model judges, and what this machine has."""
