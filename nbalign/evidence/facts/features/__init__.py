"""What becomes of columns before a model sees them."""
