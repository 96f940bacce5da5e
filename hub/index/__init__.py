"""The search index in a running `door`: filled, kept up to date in commit order, saved for the next start."""
