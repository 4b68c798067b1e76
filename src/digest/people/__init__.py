"""Who may work at the desk: passwords, second factors, passkeys, single sign-on, and how often one may try."""
