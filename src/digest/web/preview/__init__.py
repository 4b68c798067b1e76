"""The preview: one edition as it would be sent now, on a page that only this machine can open."""
