"""Pure tools for text that any room may use: sentences, words, similarity, URLs."""
