"""How the tables came to be, step by step; a step that has run anywhere is never changed."""
