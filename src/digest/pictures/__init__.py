"""Strangers' pictures, decoded within bounds and written anew: what is kept of them is what readers see."""
