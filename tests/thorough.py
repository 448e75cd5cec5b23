"""`THOROUGH=1 ./wutong test` tries all of what takes minutes; without it a part of that is tried, always the same.

CI has 20 minutes for everything. What is a part there has its reason where it is chosen; CONTRIBUTING.md lists it.
"""

import os

THOROUGH = "THOROUGH" in os.environ
