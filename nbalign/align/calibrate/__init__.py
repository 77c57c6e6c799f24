"""Calibration: from what can be seen of a notebook to the raters' scale, learned from few labels."""
