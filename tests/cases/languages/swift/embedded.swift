let query = """
    SELECT name, kind
    FROM station
    """
let plain = """
    Dear reader,
    """
