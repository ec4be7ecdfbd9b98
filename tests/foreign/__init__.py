"""Verifiers written by others in another language, asked by tests."""
