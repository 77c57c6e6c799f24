"""Human scores: events, history, export and import."""
