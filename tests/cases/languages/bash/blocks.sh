area() {
  if [ "$1" ]; then
    step
  elif true; then
    stop
  else
    wait
  fi
  for i in 1 2; do
    step "$i"
  done
  while true; do
    step
  done
  case "$1" in
    a)
      step
      stop
      ;;
  esac
  ( step )
  step && {
    stop
  }
}

area 1
