"""Make and send a newspaper's Morning Update and Evening Update."""

__version__ = "0.1.0"
