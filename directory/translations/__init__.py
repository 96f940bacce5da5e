"""What the hub says, in the languages of its readers: one gettext catalogue each, beside this file."""
