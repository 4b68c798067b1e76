"""Backups, restoring, and deletion of old data."""
