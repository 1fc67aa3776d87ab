"""The frozen nouns everything else speaks in: no I/O, no clock, no third-party library."""
