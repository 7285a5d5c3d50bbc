"""The services, and what all of them stand on.

Zone laws come from the pinned package tzdata, not from whatever the machine has: offers must not
depend on the host on which a replica happens to run.
"""

import zoneinfo

zoneinfo.reset_tzpath(to=())
