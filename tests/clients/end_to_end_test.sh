#!/bin/bash
# comityd and comity as people use them: routes, contacts, imports, exports,
# exit codes. Parts that need ../shared are skipped, and say so, where it is not.
#
# end_to_end_test.sh COMITYD COMITY SOURCE_FOLDER
set -euo pipefail

comityd=$1
comity=$2
source_folder=$3
shared=$source_folder/../shared/data/directory

folder=$(mktemp -d "${TMPDIR:-/tmp}/comity-XXXXXX")
# What runs beside this, by name; ended with it, whatever happens.
declare -A running=()
failures=0
# What is not there by then hangs; a server with sanitizers is slow.
patience_seconds=60

finish() {
  local pid
  for pid in "${running[@]}"; do kill -KILL "$pid" || true; done 2>/dev/null
  wait 2>/dev/null || true
  rm -rf -- "$folder"
}
trap finish EXIT

say() { printf -- '-- %s\n' "$*"; }

fail() {
  printf 'FAILED: %s\n' "$*"
  failures=$((failures + 1))
}

# start NAME [ARGUMENT...]: a server of that name, on the store of that name.
start() {
  local name=$1 line=
  shift
  mkfifo "$folder/$name.ready"
  "$comityd" --data-dir "$folder/$name" --listen "unix:$folder/$name.socket" \
    "$@" >"$folder/$name.ready" &
  running[$name]=$!
  # Open until the line is read, so that the server never writes to nobody.
  exec 3<"$folder/$name.ready"
  read -r -t "$patience_seconds" line <&3 || true
  exec 3<&-
  rm "$folder/$name.ready"
  if [[ $line != "comityd: ready, serving on unix:$folder/$name.socket" ]]; then
    printf 'FAILED: server %s: no ready line but "%s"\n' "$name" "$line"
    exit 1
  fi
}

# stop NAME: as an administrator would; the store stays.
stop() {
  local code=0
  kill -TERM "${running[$1]}"
  wait "${running[$1]}" || code=$?
  unset "running[$1]"
  [[ $code == 0 ]] || fail "comityd $1 ended with $code"
}

# on NAME ARGUMENT...: the command, asking that server.
on() {
  local name=$1
  shift
  COMITY_SERVER=unix:$folder/$name.socket "$comity" "$@"
}

# exits CODE ARGUMENT...: that the command ends so; what it printed is then in
# $folder/output and $folder/errors.
exits() {
  local expected=$1 code=0
  shift
  "$@" >"$folder/output" 2>"$folder/errors" || code=$?
  if [[ $code != "$expected" ]]; then
    fail "exit code $code, not $expected: $*"
    cat "$folder/output" "$folder/errors" | sed 's/^/    /' | tail -20
  fi
}

# export_of NAME FILE [ARGUMENT...]: all that the server has, in a file.
export_of() {
  local name=$1 file=$2
  shift 2
  exits 0 on "$name" export "$@" -o "$file"
}

# has TEXT...: that what was printed has each, however its lines are broken.
has() {
  local text flat
  flat=$(cat "$folder/output" "$folder/errors" | tr -s ' \n' ' ')
  for text in "$@"; do
    if [[ $flat != *"$text"* ]]; then
      fail "no \"$text\" in:"
      cat "$folder/output" "$folder/errors" | sed 's/^/    /' | head -80
    fi
  done
}

# holds EXPRESSION: that a Python expression holds of `lines`, the JSON values
# of $folder/output, and `answer`, the first of them.
holds() {
  python3 - "$folder/output" "$1" <<'END' || fail "does not hold: $1"
import json, sys
text = open(sys.argv[1], encoding="utf-8").read()
lines = []
while text.strip():
  value, end = json.JSONDecoder().raw_decode(text.lstrip())
  lines.append(value)
  text = text.lstrip()[end:]
answer = lines[0] if lines else None
# In parentheses, so that its lines may be broken anywhere.
if not eval("(" + sys.argv[2] + ")"):
  print("    " + json.dumps(answer, ensure_ascii=False)[:3000])
  sys.exit(1)
END
}

same() {
  cmp -- "$1" "$2" || fail "$1 and $2 differ"
}

bundled() {
  cat "$source_folder"/data/*.jsonl "$source_folder"/data/*/*.jsonl | wc -l
}

# Routes and contacts --------------------------------------------------------

test_route() {
  say "route --from FRA --to LTU --for mla --on 2015-06-01"
  local route=(route --from FRA --to LTU --for mla)
  exits 0 on main "${route[@]}" --on 2015-06-01
  has "Ministry of Justice of the Republic of Lithuania" \
    "Prosecutor General's Office under the Supreme Court of the Republic of" \
    2002-10-29 2002-05-09 2003-09-29 English Russian Lithuanian \
    "18(13)" "no change known after 2014-01-27" \
    "start of designation unknown" "Declarations to UNTOC, copied at zaki.ru"
  exits 0 on main --json "${route[@]}" --on 2015-06-01
  holds 'len(lines) == 1 and len(answer["routes"]) == 2'
  holds 'all(r["treaty"] == "treaties/untoc" for r in answer["routes"])'
  holds 'all(r["acceptedLanguages"] == ["en", "ru", "lt"]
             for r in answer["routes"])'
  holds 'all(s["reason"] and s["sources"]
             for a in answer["assessments"] if a["treaty"] == "treaties/untoc"
             for s in [a["status"], *a["status"]["participations"]])'
  holds 'all(s["text"] and s["sources"]
             for a in answer["assessments"] for s in a["reasons"])'
  holds 'all(s["text"] and s["resource"] in
             (r["designation"]["name"], r["authority"]["name"])
             for r in answer["routes"] for s in r["reasons"])'
  holds '[(p["state"], p["period"]["depositDate"], p["entryIntoForce"])
          for a in answer["assessments"] if a["treaty"] == "treaties/untoc"
          for p in a["status"]["participations"]] == [
         ("states/FRA", "2002-10-29", "2003-09-29"),
         ("states/LTU", "2002-05-09", "2003-09-29")]'
  holds 'all("REASON_CODE_START_UNKNOWN" in [a["code"] for a in r["advice"]]
             for r in answer["routes"])'
}

# Before the Convention there is no office: what remains is said.
test_route_before() {
  say "the same on 2003-01-01"
  local route=(route --from FRA --to LTU --for mla --on 2003-01-01)
  exits 1 on main "${route[@]}"
  has "1988" "diplomatic channel" 2003-09-29
  exits 1 on main --json "${route[@]}"
  holds 'not answer.get("routes")'
  holds '{a["treaty"]: a["status"]["status"] for a in answer["assessments"]}
         ["treaties/untoc"] == "IN_FORCE_STATUS_NOT_IN_FORCE"'
  holds '[(a["status"]["status"], a.get("designations", 0))
          for a in answer["assessments"]
          if a["treaty"] == "treaties/drugs1988"]
         == [("IN_FORCE_STATUS_IN_FORCE", 0)]'
  holds '"REASON_CODE_NO_AUTHORITY_ON_RECORD" in
         [s["code"] for a in answer["assessments"]
          if a["treaty"] == "treaties/drugs1988" for s in a["reasons"]]'
  holds '"REASON_CODE_DIPLOMATIC_CHANNEL" in
         [w["code"] for w in answer["alternatives"]]'
}

test_find() {
  say "find --state LVA --for firearms"
  exits 0 on main find --state LVA --for firearms
  has "Ministry of Interior" "13(2)" "Raina Boulevard 6" "+371 7219263" \
    "kanceleja@iem.gov.lv"
  exits 0 on main --json find --state LVA --for firearms
  holds 'answer["totalSize"] == 1 and
         answer["contacts"][0]["designation"]["article"] == "13(2)" and
         answer["contacts"][0]["authority"]["name"] ==
         "states/LVA/authorities/ministry-of-interior"'
}

# Exports, loading, undoing ----------------------------------------------------

test_export_loads_back() {
  say "export, load into an empty store, export: identical"
  export_of main "$folder/plain.jsonl"
  [[ $(wc -l <"$folder/plain.jsonl") == $(bundled) ]] ||
    fail "the export has not as many lines as were loaded"
  mkdir "$folder/plain"
  cp "$folder/plain.jsonl" "$folder/plain/"
  start loaded --load "$folder/plain"
  export_of loaded "$folder/again.jsonl"
  same "$folder/plain.jsonl" "$folder/again.jsonl"
  stop loaded

  start imported
  exits 0 on imported import records "$folder/plain.jsonl"
  export_of imported "$folder/again.jsonl"
  same "$folder/plain.jsonl" "$folder/again.jsonl"
  exits 0 on imported --json import records "$folder/plain.jsonl"
  holds 'int(lines[-1]["counts"]["unchanged"]) ==
         int(lines[-1]["counts"]["records"])'
  stop imported
}

# After changes, so that there is a history; $1: the server that has it.
test_history_loads_back() {
  say "the same with history"
  export_of "$1" "$folder/history.jsonl" --history
  export_of "$1" "$folder/plain.jsonl"
  start replayed
  exits 0 on replayed import records "$folder/history.jsonl"
  export_of replayed "$folder/history-again.jsonl" --history
  same "$folder/history.jsonl" "$folder/history-again.jsonl"
  export_of replayed "$folder/again.jsonl"
  same "$folder/plain.jsonl" "$folder/again.jsonl"
  stop replayed
}

# Made up, and says so.
offices_csv() {
  cat <<END
id,state_alpha3,instrument_id,article,function,authority_name,authority_name_lang,phone,notes
s1,FRA,untoc,18(13),mla,${1:-Synthetic office one},en,+33 1 00 00 00 01,synthetic
s2,FRA,untoc,18(13),mla,Synthetic office two,en,+33 1 00 00 00 02,synthetic
END
}

test_import_and_undo() {
  say "import, import again, undo"
  export_of main "$folder/before.jsonl"
  offices_csv >"$folder/offices.csv"
  exits 0 on main --json import designations "$folder/offices.csv" --dry-run
  holds 'lines[-1]["state"] == "STATE_VALIDATED"'
  export_of main "$folder/after.jsonl"
  same "$folder/before.jsonl" "$folder/after.jsonl"

  exits 0 on main --json import designations "$folder/offices.csv"
  holds 'lines[-1]["state"] == "STATE_APPLIED"'
  local job
  job=$(python3 -c 'import json, sys
print(json.loads(sys.stdin.readlines()[-1])["name"])' <"$folder/output") || true
  exits 0 on main --json authorities --state FRA
  holds 'sum(a["displayNames"][0]["text"].startswith("Synthetic office")
             for a in lines) == 2'
  exits 0 on main --json import designations "$folder/offices.csv"
  holds 'int(lines[-1]["counts"].get("added", 0)) == 0 and
         int(lines[-1]["counts"].get("changed", 0)) == 0'

  exits 0 on main import undo "$job"
  export_of main "$folder/after.jsonl"
  same "$folder/before.jsonl" "$folder/after.jsonl"
  exits 4 on main import undo "$job"
  exits 0 on main import jobs
  has "$job" undone
}

test_rename_keeps_one_office() {
  say "an office renamed, then imported again, is one office"
  offices_csv >"$folder/offices.csv"
  exits 0 on main import designations "$folder/offices.csv"
  offices_csv "Synthetic office renamed" >"$folder/offices.csv"
  exits 0 on main import designations "$folder/offices.csv"
  exits 0 on main --json authorities --state FRA
  holds 'sorted(a["displayNames"][0]["text"] for a in lines
                if "ynthetic" in a["displayNames"][0]["text"]) ==
         ["Synthetic office renamed", "Synthetic office two"]'
  local name
  name=$(python3 -c 'import json, sys
for line in sys.stdin:
  office = json.loads(line)
  if office["displayNames"][0]["text"] == "Synthetic office renamed":
    print(office["name"])' <"$folder/output") || true
  exits 0 on main --json history "$name"
  holds 'len(lines) >= 2 and lines[-1]["type"] == "CHANGE_TYPE_CREATED"'
}

test_bad_file() {
  say "one bad row rejects the file and is named"
  offices_csv >"$folder/bad.csv"
  printf 's3,FRA,untoc,18(13),no-such-function,Synthetic three,en,,synthetic\n' \
    >>"$folder/bad.csv"
  export_of main "$folder/before.jsonl" --history
  exits 5 on main import designations "$folder/bad.csv"
  has "bad.csv:4:5" function no-such-function
  export_of main "$folder/after.jsonl" --history
  same "$folder/before.jsonl" "$folder/after.jsonl"
}

test_exit_codes() {
  say "exit codes"
  exits 0 on main --version
  exits 0 on main states LTU
  exits 1 on main authorities states/FRA/authorities/nothing
  exits 1 on main route --from "Ivory Cost" --to LTU --for mla
  has "did you mean Côte d'Ivoire"
  exits 2 on main route --from FRA
  exits 2 on main no-such-command
  exits 2 on main route --from FRA --to LTU --for mla --on 2015-13-01
  exits 3 "$comity" --server "unix:$folder/nobody.socket" states LTU
  has "no answer from a server"
}

test_watch() {
  say "watch, interrupted and until current"
  exits 0 on main --json watch --until-current
  holds '[int(c["sequence"]) for c in lines] == list(range(1, len(lines) + 1))'
  local code=0 line
  mkfifo "$folder/watched"
  COMITY_SERVER=unix:$folder/main.socket "$comity" --json watch \
    >"$folder/watched" 2>/dev/null &
  running[watch]=$!
  exec 4<"$folder/watched"
  read -r -t "$patience_seconds" line <&4 || true
  # It has its handlers by now. All is read, so that it never waits for us.
  kill -INT "${running[watch]}"
  if ! timeout "$patience_seconds" cat <&4 >/dev/null; then
    fail "an interrupted watch goes on"
    kill -KILL "${running[watch]}"
  fi
  exec 4<&-
  wait "${running[watch]}" || code=$?
  unset "running[watch]"
  [[ $code == 130 ]] || fail "an interrupted watch exits with $code, not 130"
}

test_restart() {
  say "what was written is there after a restart, and nothing is wrong"
  export_of main "$folder/before.jsonl" --history
  stop main
  exits 0 "$comityd" inspect verify --data-dir "$folder/main"
  has "0 problems"
  start main --load "$source_folder/data"
  export_of main "$folder/after.jsonl" --history
  same "$folder/before.jsonl" "$folder/after.jsonl"
  exits 0 on main inspect verify
}

# The shared files -------------------------------------------------------------

test_shared_files() {
  if [[ ! -r $shared/designations.csv ]]; then
    say "SKIPPED: the shared designations are not here"
    return
  fi
  say "the shared CSV and JSON Lines give the same exports"
  # Without offices of our own.
  mkdir "$folder/reference"
  cp "$source_folder"/data/0[1-4]-*.jsonl "$folder/reference/"
  local form
  for form in csv jsonl; do
    start "$form" --load "$folder/reference"
    exits 0 on "$form" --json import designations "$shared/designations.$form"
    holds 'lines[-1]["state"] == "STATE_APPLIED" and
           int(lines[-1]["counts"]["records"]) >= 52 and
           int(lines[-1]["counts"].get("rejected", 0)) == 0'
    export_of "$form" "$folder/$form.jsonl"
    exits 0 on "$form" --json import designations "$shared/designations.$form"
    holds 'int(lines[-1]["counts"].get("added", 0)) == 0 and
           int(lines[-1]["counts"].get("changed", 0)) == 0'
    export_of "$form" "$folder/$form-again.jsonl"
    same "$folder/$form.jsonl" "$folder/$form-again.jsonl"
  done
  same "$folder/csv.jsonl" "$folder/jsonl.jsonl"
  exits 0 on csv --json import designations "$shared/designations.jsonl"
  holds 'int(lines[-1]["counts"].get("added", 0)) == 0 and
         int(lines[-1]["counts"].get("changed", 0)) == 0'
  stop csv
  stop jsonl
}

start main --load "$source_folder/data"
test_route
test_route_before
test_find
test_exit_codes
test_export_loads_back
test_import_and_undo
test_rename_keeps_one_office
test_bad_file
test_history_loads_back main
test_watch
test_restart
stop main
test_shared_files

if ((failures > 0)); then
  printf '%s checks failed\n' "$failures"
  exit 1
fi
say "all is well"
