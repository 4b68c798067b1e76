"""Finds sentences and names: what comes next, numbers, quotations, and the words that name a story.

Rules find the sentences that may serve. Small models of an editor's judgement estimate which of them he would print.
Each kind prefers no find to a doubtful one. Languages without word lists have no finds.
"""
