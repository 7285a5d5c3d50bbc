"""A subscriber with kombu alone: ``AMQP_URI=… python subscriber_kombu.py``."""

import os

from kombu import Connection, Exchange, Queue
from kombu.mixins import ConsumerMixin

EVENTS = Exchange("booking.events", type="topic", no_declare=True)
QUEUE = Queue("evt-booking-appointment_created--crm.note", EVENTS, "appointment_created")


class Crm(ConsumerMixin):
    connection = Connection(os.environ["AMQP_URI"], heartbeat=10)

    def get_consumers(self, Consumer, channel):
        return [Consumer(QUEUE, callbacks=[self.note], accept=["json"])]

    def note(self, event, message):
        """May be called twice with one event: write only what is newer than what you have."""
        print(event["subject"], event["sequence"], event["data"]["contact"]["name"], flush=True)
        message.ack()


if __name__ == "__main__":
    Crm().run()
