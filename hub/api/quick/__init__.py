"""Reads that are written by hand because people wait for them most: graphql-core's very bytes, sooner.

Whatever is unusual (an error, a later page, an odd variable, somebody not known yet) is left to
graphql-core. tests/integration/test_quick_agrees.py holds both equal.
"""
