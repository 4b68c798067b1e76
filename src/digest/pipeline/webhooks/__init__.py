"""Webhooks out: receivers are added by command, and each gets its messages in its own time."""
