"""The corridor: it orders the rooms and decides nothing."""
