"""What receivers find in the DNS of the sender's domain.

- ``domain``: asks for all of it; ``findings`` is the package's entry.
- ``spf``, ``dmarc``, ``bimi``: judge one kind of record.
- ``records``: how records are asked for and read.
"""

from digest.deliver.dns.domain import findings

__all__ = ["findings"]
