before() {
  echo 1
}

unfinished() {
  if [ "$1"
  echo a

after() {
  echo 2
}
LAST=1
