"""Import this first: from here on eventlet's green threads stand behind Python's own.

Only the processes that run services do; the gateway has real threads.
"""

import eventlet

eventlet.monkey_patch()
