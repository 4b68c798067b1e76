"""Extracts the article from a page, without the rest of the page."""
