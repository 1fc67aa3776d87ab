"""What happened in some days, as people look at it and as programs read it."""
