"""The users of the desk: made and changed, signed in, and what they did."""
