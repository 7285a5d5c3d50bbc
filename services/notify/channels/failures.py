"""How a channel says that trying again is of no use."""


class Undeliverable(Exception):
    """The message will not arrive over this channel, however often it is tried."""
