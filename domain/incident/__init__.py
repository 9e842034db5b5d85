"""An incident: many complaints about one thing, looked into and answered as one."""
