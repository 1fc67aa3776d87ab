"""Tests of connectors/: the contract as a suite, and what each connector adds to it."""

import pytest

# Asserts in a suite that is inherited explain themselves like those in a test
pytest.register_assert_rewrite("tests.connectors.contract", "tests.connectors.stage")
