"""How often the suggested category is the right one: against rows that a person read."""
