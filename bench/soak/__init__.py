"""The soak: ten thousand open complaints live through an hour while people work on others, and nothing may grow."""
