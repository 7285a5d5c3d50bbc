"""Import this first: from here on eventlet's green threads stand behind Python's own.

Only the processes that run services do; the gateway has real threads.
"""

import signal

# Until somebody handles it, Ctrl-C ends the process without the traceback of an import.
signal.signal(signal.SIGINT, signal.SIG_DFL)

import eventlet  # noqa: E402

eventlet.monkey_patch()
