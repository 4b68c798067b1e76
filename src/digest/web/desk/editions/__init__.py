"""The desk's pages of editions: the list, one edition with its letter, and one story.

- ``forms``: turns a form into acts.
- ``view``: the values for the templates.
- ``pages``: the pages, and the responses to forms.
- ``outcomes``: what the next page tells about a form.
- ``orders``: approve, hold, skip, test, take news in, correct.
- ``table``: all routes of these pages.
"""
