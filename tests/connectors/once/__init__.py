"""Tests of connectors/once/: what holds for every library."""
