"""Make and send a newspaper's Morning Update and Evening Update."""
