"""What two or more runs say about each other, and what a gate makes of it."""
