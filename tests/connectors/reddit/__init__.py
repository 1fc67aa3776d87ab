"""Tests of the Reddit connector, over the stand-in."""
