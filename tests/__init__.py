"""The tests: a mirror of responder/ and connectors/, plus lifecycle, drill, story, house and bench."""
