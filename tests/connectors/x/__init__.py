"""Tests of connectors/x/."""
