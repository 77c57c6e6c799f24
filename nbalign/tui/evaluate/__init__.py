"""The room `evaluate`: experiments and their intervals."""
