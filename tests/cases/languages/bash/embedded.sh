sqlite3 weather.db <<SQL
SELECT name FROM probes;
SQL
cat <<EOF
nothing
EOF
