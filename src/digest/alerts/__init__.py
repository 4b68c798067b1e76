"""Rules that find what the operator should know, and the text of the notices. All functions are pure."""
