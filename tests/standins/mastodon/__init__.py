"""A Mastodon server for tests, as its documentation and its source describe it."""
