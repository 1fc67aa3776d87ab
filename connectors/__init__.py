"""Connectors, a file or a folder a network: each keeps responder.connector's promise and knows no other."""
