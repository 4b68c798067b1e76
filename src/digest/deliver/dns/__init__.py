"""What receivers find in the DNS of the sender's domain: ``domain`` asks for all, ``spf`` and ``dmarc`` judge."""
