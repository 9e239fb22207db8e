"""Where passages are found, by word and by meaning, among those that the asker may see. `port.py` says what an index
is; adapters behave alike, which tests prove against an exact one."""

import os

# Lance warns on standard error of each commit that another writer was ahead of; it is tried again, which is no news.
# It reads this when it is loaded.
os.environ.setdefault("LANCEDB_LOG", "error")
