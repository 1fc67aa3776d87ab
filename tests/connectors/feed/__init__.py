"""Tests of connectors/feed/."""
