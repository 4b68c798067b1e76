"""What receivers find in the DNS of the sender's domain.

- ``domain``: queries all records; ``findings`` is the package's entry point.
- ``spf``, ``dmarc``, ``bimi``: each judges one kind of record. ``spf_tree`` follows the includes of SPF.
- ``records``: how records are queried and parsed.
"""

from digest.deliver.dns.domain import findings

__all__ = ["findings"]
