"""What the settings promise: read whole, or every problem told at once and no secret with it."""
