"""One write request a call: what makes the networks' libraries keep that promise. It knows no network."""
