"""The command line: a module for each group of commands, such as ``readers`` or ``sources``."""
