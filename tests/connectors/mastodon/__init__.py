"""Tests of connectors/mastodon/."""
