"""The bus, made safe: RPC that survives bad messages, events that are never lost.

Only this folder knows nameko, eventlet and kombu. A service is a class that
derives from ``Service`` and marks its ways in:

    @query        an RPC method that reads
    @command      an RPC method that changes something, once per command id
    @attempt      an RPC method in several transactions, of which the first stays when it refuses
    @subscriber   a handler of another service's event, once per event
    @background   a step that is repeated for as long as the service runs
"""

from services.common.bus.service import Service, attempt, background, command, query, subscriber

__all__ = ["Service", "attempt", "background", "command", "query", "subscriber"]
