"""Writes `names.dat`. Run `python -m directory.vocabulary.build` after a change of the TOML files or of babel
or pycountry. Nothing that runs in a hub imports this package, babel's locale data or pycountry's.
"""
