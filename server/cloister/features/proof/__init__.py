"""`cloister doctor --prove-offline`: a whole session where every way out leads to a witness.

Its repository forbids what its user permits, and a service is set up and tried. The session runs in
a network of its own, in which every IPv4 address is this machine and witnesses listen. They are
tried out first, because a witness that notices nothing proves nothing. Nothing here connects to a
network that exists outside of the proof.
"""
