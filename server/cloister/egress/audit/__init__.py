"""What left this machine, what did not, and why: written before it happens, kept as a chain.

A record is on the disk before the first byte of its request leaves; where it cannot be written,
nothing is sent. It names files, lines and hashes and holds no text. Every record carries the hash
of the line before it, so a change, a gap or a new order shows; a second file remembers the last
record, so a cut end shows as well. Who may write both files can write both anew: this is evidence
for their owner, not against them.
"""
