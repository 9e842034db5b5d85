"""What a stretch of time was like for the desk: counted from what happened in it, and told to those who can change something."""
