"""One file per subject; a route parses, calls a service, or each of two once, and dumps."""
