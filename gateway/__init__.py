"""The HTTP gateway: Altegio's API, spoken by our services."""
