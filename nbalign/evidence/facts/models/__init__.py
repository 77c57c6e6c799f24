"""Models: what they are trained on, chosen by and used for."""
