"""A subscriber with nameko: ``nameko run --config subscriber_nameko.yaml subscriber_nameko``."""

from nameko.events import event_handler


class CrmService:
    name = "crm"

    @event_handler("booking", "appointment_created")
    def greet(self, event):
        """May be called twice with one event: write only what is newer than what you have."""
        print(event["subject"], event["sequence"], event["data"]["contact"]["name"], flush=True)
