"""The editor's desk in the browser: pages for people who signed in.

- ``routes``: what a route of the desk is, and what a signed-in visit carries.
"""
