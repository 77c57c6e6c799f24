"""Statistics of agreement between judges and raters."""
