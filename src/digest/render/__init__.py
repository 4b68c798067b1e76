"""Render an edition as a letter: HTML, text and headers, once per edition."""
