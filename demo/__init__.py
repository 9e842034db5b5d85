"""A walk through Redress: real complaints over HTTP, people played, days passing in seconds. It imports none of the programs."""
