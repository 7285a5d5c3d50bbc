"""What booking decides, as pure functions: no database, no bus, no clock."""
