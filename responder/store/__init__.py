"""The only SQL: the database is the queue, and every move in it is compare-and-set with its event."""
