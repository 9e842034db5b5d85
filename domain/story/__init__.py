"""The journal in words: one sentence an entry, in either language, that somebody from outside can follow."""
