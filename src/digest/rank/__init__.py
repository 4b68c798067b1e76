"""Articles -> Stories in the order of their importance, and why."""
