"""Stories -> Edition: within a budget, with a memory, under the editor's hand."""
