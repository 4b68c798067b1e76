"""The desk's pages of editions: the list, one edition with its letter, and one story.

- ``forms``: turns a form into acts.
- ``view``: the values for the templates.
- ``pages``: the pages, and the responses to forms.
- ``outcomes``: what the next page says about a sent form.
- ``orders``: approve, hold, skip, test, add news, correct.
- ``table``: all routes of these pages.
"""
