"""Webhooks: their signatures, the schedule of their retries, their payloads, and which URLs may receive them. Pure."""
