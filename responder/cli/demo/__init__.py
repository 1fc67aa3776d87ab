"""The demo: one morning on posts that we made up, in a folder of its own; no account, no network."""
