"""How processes of cloister speak to each other: length-prefixed frames of strictly typed JSON."""
