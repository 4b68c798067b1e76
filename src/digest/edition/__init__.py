"""Makes editions of stories: within a budget of words, with a memory, and with the editor's acts."""
