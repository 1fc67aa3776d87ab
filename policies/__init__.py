"""Data: our rules, replies and cue words; `responder.policy` reads them."""
