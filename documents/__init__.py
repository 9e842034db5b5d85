"""Summaries as documents: HTML for a mail or a browser, and workbooks with charts."""
