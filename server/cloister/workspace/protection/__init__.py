"""What the file system says about how far a file may go: marks in folders, records of the user.

Asked for each request, so what is known is only checked for changes. Everything here can only
restrict, except a consent, which counts for exactly what it names. What cannot be read restricts.
"""
