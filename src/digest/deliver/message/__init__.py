"""One reader's copy of a letter: the frozen bytes with the reader's values, signed (``splice``, ``dkim``)."""
