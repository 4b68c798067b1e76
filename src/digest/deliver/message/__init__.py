"""One reader's copy of a letter: the letter's bytes, the reader's values, and the signature (``splice``, ``dkim``)."""
