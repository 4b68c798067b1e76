"""Readers: who gets letters, sign-ups, imports, bounces and tokens."""
