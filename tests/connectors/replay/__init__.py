"""Tests of connectors/replay/."""
