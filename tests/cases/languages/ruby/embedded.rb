QUERY = <<~SQL
  SELECT name FROM probes
SQL
TEXT = <<~NOTE
  nothing
NOTE
