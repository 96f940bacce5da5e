"""A copy of this hub that may lie anywhere: sealed under a key made from the Archive key.

What a copy may hold so that erasing stays true: databases and files of any day, but people's own keys only
once, the newest, overwritten by each backup. Who was erased is then unreadable in every older copy too.
"""
