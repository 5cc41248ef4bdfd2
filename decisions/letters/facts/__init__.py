"""Facts for letters: what was said of them elsewhere."""
