"""Calls to services over the bus, straight on kombu: for the gateway, and where services ask."""
