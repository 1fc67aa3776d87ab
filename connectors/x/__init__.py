"""X: reads mentions and saved searches, and answers who names or quotes us."""
