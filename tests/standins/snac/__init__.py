"""snac, a small real server of the fediverse, and a far server that its people hear from."""
