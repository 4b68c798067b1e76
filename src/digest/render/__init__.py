"""Edition -> Letter: HTML, text and headers, once per edition."""
