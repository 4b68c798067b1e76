"""The editor's desk in the browser: pages for signed-in users.

- ``routes``: a route of the desk, and the data of a signed-in visit.
"""
