"""Migrations: how a database grows from one version of responder to the next."""
