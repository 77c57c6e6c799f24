"""What several dimensions read alike: names, words, statements in order, tables in outputs, leaks."""
