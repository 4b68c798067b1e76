"""Webhooks: the operator adds receivers, and each gets its messages independently of the others."""
