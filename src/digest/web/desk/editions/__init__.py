"""The desk's pages of editions: the list, one edition with its letter, and one story.

- ``forms``: a form -> acts.
- ``view``: what the templates see.
- ``pages``: the pages, and the answers to forms.
- ``orders``: approve, hold, skip, test, take news in, correct.
- ``table``: every route of them.
"""
