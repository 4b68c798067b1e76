"""Fetches sources, their entries and their pages. Only this room talks to the web."""
