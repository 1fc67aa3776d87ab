"""Tests of what Reddit needs."""
