"""Data: the made-up posts of the demo; no connector."""
