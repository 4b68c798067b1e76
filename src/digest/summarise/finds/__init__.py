"""Finds sentences and names by rules: what comes next, numbers, quotations, and the words that name a story.

Each rule prefers no find to a doubtful one. Languages without word lists have no finds.
"""
