"""Measurements: `python -m bench` compares Redress with bare Temporal and with its goals, in one run on one machine."""
