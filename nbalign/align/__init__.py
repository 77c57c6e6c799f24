"""What judges learn from raters: guidelines, precedents, checks and calibration, and the memory that holds them."""
