"""`python -m confkit` is the command `confkit`."""

from confkit.cli.main import main

main()
