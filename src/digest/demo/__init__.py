"""A small invented press, served on loopback: what 'digest demo' reads."""
