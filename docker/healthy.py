"""The health check of the service's container: exit status 0 if the service answers /healthz.

The service's own note says where: over TLS with a certificate, without one in clear. The certificate proves nothing
here, as it is for a name and this is loopback. Only Python's library: this runs every ten seconds.
"""

import json
import os
import ssl
import urllib.request
from pathlib import Path

TIMEOUT = 3.0
"""Seconds for the answer."""

unproven = ssl.create_default_context()
unproven.check_hostname, unproven.verify_mode = False, ssl.CERT_NONE
# No proxy: Docker may give a container the host's.
asking = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=unproven))
note = json.loads(Path(os.environ["WUTONG_STATE"], "run", "service.json").read_text(encoding="utf-8"))
asking.open(note["http"] + "/healthz", timeout=TIMEOUT)
