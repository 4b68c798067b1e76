"""Rank articles as stories, in the order of their importance, with reasons."""
