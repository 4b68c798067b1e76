"""What receivers find in the DNS of the sender's domain.

- ``domain``: queries all records; its function ``findings`` is the way into this package.
- ``spf``, ``dmarc``, ``bimi``: each checks one kind of record. ``spf_tree`` follows the includes of SPF.
- ``records``: how records are queried and parsed.
"""

from digest.deliver.dns.domain import findings

__all__ = ["findings"]
