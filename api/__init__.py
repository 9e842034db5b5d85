"""The HTTP door: intake, commands, lists, policies and partners' news. One call into the desk or the storage a route."""
