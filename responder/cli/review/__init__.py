"""Review: going through what waits, card by card, on the whole terminal or at a prompt."""
