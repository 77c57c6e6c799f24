"""Two invented raters with standards of their own, for measuring what alignment learns from labels and words."""
