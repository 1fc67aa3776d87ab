"""The benchmark: figures anyone can get again, as ratios within one run."""
