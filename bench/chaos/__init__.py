"""Kill everything at bad moments and count what is lost: `python -m bench.chaos`."""
