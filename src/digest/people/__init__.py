"""Sign-in at the desk: passwords, second factors, passkeys, single sign-on, and limits on failed attempts."""
