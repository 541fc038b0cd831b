#!/usr/bin/env bash
# Wetterstation für Höhenlagen: „Ωmega“.
set -euo pipefail
source ./lib.sh
. "$DIR/other.sh"

# Reads a probe.
# Prints its value.
read_probe() {
  local pin="$1"
  VALUE=1
  inner() { echo inner; }
}
function stop { return 1; }
function wait-long() ( sleep 1 )

export PATH="/opt/bin:$PATH" LANGUAGE=de
export LIMIT
readonly MAX=3
declare -a probes=(north south)
typeset -i count=1
NAME=weather
if [ -n "$NAME" ]; then
  TITLE="$NAME"
else
  TITLE=none
fi
TEMPORARY=1 read_probe 3
