"""What `ayni doctor` looks at: one sentence a check, with what to do. Nothing here changes anything,
except that the homeserver's name and key are remembered the first time they are seen.
"""
