class Embedded {
  String query = """
      SELECT name, kind
      FROM station
      WHERE kind = ?
      """;
  String plain = """
      Dear reader,
      """;
}
