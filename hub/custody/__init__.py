"""Who can open what this hub keeps: ring keys, how they are kept, each person's own key (DESIGN 4.9).

*Watch* opens by itself, so that alarms outlive a power cut. *Archive* is kept as a file, behind a passphrase
or by two of three recovery sheets; until it is opened (`ayni unseal`) the hub is sealed. `ayni doctor
--seized` says for each of these what a thief of the disk reads.
"""

from hub.custody.files import DamagedKey, write_secret
from hub.custody.locked import Kind
from hub.custody.rings import ARCHIVE, begin, kind_of, make_rings, open_rings
from hub.custody.watch import WATCH, NoKeys

__all__ = [
    "ARCHIVE",
    "WATCH",
    "DamagedKey",
    "Kind",
    "NoKeys",
    "begin",
    "kind_of",
    "make_rings",
    "open_rings",
    "write_secret",
]
