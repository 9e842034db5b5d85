"""The one door to Temporal for everybody outside a worker: open a complaint, give a command, look."""
