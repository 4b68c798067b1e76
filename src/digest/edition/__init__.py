"""Stories -> Edition: within a word budget, with a memory of earlier editions, and with the editor's acts."""
