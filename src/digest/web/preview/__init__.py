"""The preview: one edition as it would leave now, on a page that only this machine can open."""
