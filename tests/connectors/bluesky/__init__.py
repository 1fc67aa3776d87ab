"""Tests of connectors/bluesky/: on an imitation, and (slow) on the real network."""
