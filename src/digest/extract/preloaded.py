"""Loads what reading a page needs. The fork server imports this module once, and all of its workers inherit it."""

from __future__ import annotations

from digest.extract.workers import warm_up

warm_up()
