"""`python -m hub` is `ayni`."""

from hub.cli import main

main()
