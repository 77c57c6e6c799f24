"""The room `review`: your scores beside the judge's, and the raters' agreement."""
