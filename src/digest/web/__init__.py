"""The pages: what readers, and the editor's own browser, see."""
