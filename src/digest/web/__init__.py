"""The web pages for readers and for the editor's own browser."""
