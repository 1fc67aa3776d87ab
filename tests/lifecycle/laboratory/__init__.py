"""The fault laboratory: the real Store and steps, several people and daemons, one seed, every fault.

A seed is a schedule: who goes on at which moment, and what fails there. The same seed replays exactly.
"""
