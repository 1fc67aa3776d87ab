"""Tests of what X needs."""
