"""The users of the desk: their accounts, sign-in, and audit log."""
