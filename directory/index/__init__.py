"""The search index in memory: cards as small records, and which of them carry which tag as bitmaps.

Only `door` loads it; a conversation asks PostgreSQL. tests/integration/test_index_agrees.py holds both equal.
"""
