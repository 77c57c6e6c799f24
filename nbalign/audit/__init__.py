"""Whether a judge still is what its alignment promised: what to label next, errors on random picks, and drift."""
