# Sourced by the scripts beside it: how a step speaks to GitHub.
# shellcheck shell=bash

set -euo pipefail

# A text as it may stand in a workflow command; the runner undoes it.
escaped() {
  local text=${1//'%'/%25}
  text=${text//$'\r'/%0D}
  printf '%s' "${text//$'\n'/%0A}"
}

# annotate KIND SENTENCE
annotate() { printf '::%s title=stairway::%s\n' "$1" "$(escaped "$2")"; }

# output NAME VALUE: the delimiter is random, so that no value can end itself and begin another output.
output() {
  local delimiter
  delimiter=$(random_word)
  printf '%s<<%s\n%s\n%s\n' "$1" "$delimiter" "$2" "$delimiter" >>"$GITHUB_OUTPUT"
}

random_word() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# give_up RESULT STATUS SENTENCE: ends the step, and the outputs say why.
give_up() {
  output result "$1"
  annotate error "$3"
  exit "$2"
}
