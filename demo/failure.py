"""What ends the demo early, in words for the person who started it."""


class DemoFailed(Exception):
    """The demo cannot go on; the message says why and what to do."""
