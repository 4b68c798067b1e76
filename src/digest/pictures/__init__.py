"""Pictures from other sites, decoded within limits and encoded again; readers see only the new file."""
