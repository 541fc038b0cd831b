"""How much a prompt loses when cells of another prompt are moved into it instead of read again."""
