"""How cells are ordered, filled and commented."""
