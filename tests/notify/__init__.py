"""The tests of what goes out to our own people."""
