"""What operators see: metrics and traces. Logs are in `settings/logs.py`, which every process needs."""
