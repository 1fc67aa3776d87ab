"""The stores of the store's tests."""

from tests.store.reused import any_store, empty_engine, file_engine, memory_engine, postgres_engine, store

__all__ = ["any_store", "empty_engine", "file_engine", "memory_engine", "postgres_engine", "store"]
