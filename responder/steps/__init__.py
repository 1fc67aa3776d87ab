"""One verb a file: each takes the store and the time, does one thing, and reports what it did."""
