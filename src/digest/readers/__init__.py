"""Who gets the letters, and what comes back from them."""
