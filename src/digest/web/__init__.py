"""The web server: pages for readers, the desk for editors, the preview, the API for other programs, and metrics."""
