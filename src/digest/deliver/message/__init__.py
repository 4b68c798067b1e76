"""One reader's copy of a letter: the frozen bytes, the reader's values, and the signature (``splice``, ``dkim``)."""
