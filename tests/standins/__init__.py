"""What stands in for the world in tests: imitations, real servers on the loopback, and what lies between."""
