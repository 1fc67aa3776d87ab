"""Bluesky for tests: an imitation in this process, the real network from npm, and people on either."""
