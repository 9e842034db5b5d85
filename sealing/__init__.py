"""Personal data in Temporal is sealed: AES-256-GCM under a key of each complaint, which can be destroyed for good."""
