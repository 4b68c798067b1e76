"""Pure functions on text that any room may import: sentences, words, similarity, URLs."""
