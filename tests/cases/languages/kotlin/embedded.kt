val query = """
    SELECT name, kind
    FROM station
    """.trimIndent()
val plain = """
    Dear reader,
    """
