"""The stores of the steps' tests."""

from tests.store.reused import any_store, file_engine, memory_engine, postgres_engine, store

__all__ = ["any_store", "file_engine", "memory_engine", "postgres_engine", "store"]
