"""Import this first: from here on eventlet's green threads stand behind Python's own.

Only the processes that run services do; the gateway has real threads.
"""

import warnings

with warnings.catch_warnings():
    # We know, and it is why only a few files know nameko and eventlet: docs/adr/0002.
    warnings.simplefilter("ignore")
    import eventlet

eventlet.monkey_patch()
