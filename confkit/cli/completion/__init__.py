"""Completion in bash, zsh and fish: thin scripts that ask confkit, and what it answers without loading any command."""
