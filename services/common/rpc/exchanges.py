"""The exchanges of the bus, exactly as nameko declares them."""

from kombu.entity import Exchange

RPC_EXCHANGE = Exchange("nameko-rpc", type="topic", durable=True)


def event_exchange(service: str) -> Exchange:
    """The exchange of one service's events."""
    return Exchange(f"{service}.events", type="topic", durable=True)
