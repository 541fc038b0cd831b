source lib.sh

sum() {
  local total=0 first
  local -r limit="$1"
  for pin in "${PROBES[@]}"; do
    total=$((total + pin))
  done
  while read -r line rest; do
    read_probe "$line" | grep "$rest"
  done < "$FILE"
  if [ -f "$limit" ]; then
    stop
  fi
  case "$2" in
    a) reset ;;
    *) echo "${total:-$first}" ;;
  esac
  result=$(sum 1)
}

sum "$HOME" && LEVEL=2 run_all
