"""Missing values: what is shown of them and what is done about them."""
