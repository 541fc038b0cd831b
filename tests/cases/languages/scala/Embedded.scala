object Embedded {
  val query = """
    SELECT name, kind
    FROM station
    """
  val kept = sql"""SELECT name FROM station WHERE kind = $kind"""
  val plain = """
    Dear reader,
    """
}
