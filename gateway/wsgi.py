"""What gunicorn runs: ``gunicorn --config gateway/gunicorn.conf.py gateway.wsgi:app``."""

import os

from gateway.app import create_app
from services.common.config import read_settings
from services.common.logs import set_up_logs

settings = read_settings(os.environ)
set_up_logs(service="gateway", level=settings.log_level)
app = create_app(settings)
