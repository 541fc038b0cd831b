"""Measures code actions by what their code does: cases of ours with hidden tests.

What a model wrote runs in a process of its own alone, which the kernel holds.
"""
