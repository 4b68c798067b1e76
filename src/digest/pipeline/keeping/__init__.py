"""What is kept and what goes: backups, restoring, retention."""
