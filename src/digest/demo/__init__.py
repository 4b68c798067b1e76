"""A small invented press, served on loopback: the sources of 'digest demo'."""
