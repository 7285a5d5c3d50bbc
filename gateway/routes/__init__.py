"""One file per subject; a route parses, makes one call to a service and dumps."""
