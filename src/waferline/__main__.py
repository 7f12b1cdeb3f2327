"""This module makes `python -m waferline` the same as the command."""

from waferline.cli import main

main()
