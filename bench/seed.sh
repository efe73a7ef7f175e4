#!/usr/bin/env bash
# Measures the generator: to a file, into an empty table, and over a full one. Prints seconds and peak memory of the program (not of the server).
#
#   bench/seed.sh [SCALE_FACTOR]        default 1
#
# Needs GNU time, psql, and in ConnectionStrings__Orders a connection string for the program whose table orders_synced may be emptied; psql finds
# the same database by its own variables (PGHOST, PGPORT, PGUSER, PGDATABASE). Without ConnectionStrings__Orders only the file is measured.
set -euo pipefail
cd "$(dirname "$0")/.."

scale=${1:-1}
program=Orders.Api/bin/Release/net10.0/Orders.Api.dll
file=$(mktemp)
log=$(mktemp)
trap 'rm -f "$file" "$log"' EXIT

dotnet build Orders.Api -c Release -v quiet --nologo >/dev/null

measure() {
    local what=$1
    shift
    if ! /usr/bin/time -o "$log.time" -f '%e %M' dotnet "$program" seed "$@" 2>"$log"; then
        cat "$log" >&2
        exit 1
    fi
    read -r seconds kilobytes <"$log.time"
    rm -f "$log.time"
    printf '%-34s %8s s %6d MB   %s\n' "$what" "$seconds" "$((kilobytes / 1024))" "$(tail -1 "$log")"
}

measure "scale factor $scale to a file" --scale-factor "$scale" --output "$file"
printf '%-34s %s\n' "  its md5" "$(md5sum <"$file" | cut -d' ' -f1)"
measure "scale factor 0.01 to a file" --scale-factor 0.01 --output "$file"

if [[ -n ${ConnectionStrings__Orders:-} ]]; then
    psql -Xqc 'truncate orders_synced'
    before=$(psql -XAtc 'select pg_current_wal_lsn()')
    measure "scale factor $scale into an empty table" --scale-factor "$scale"
    psql -XAtc "select '  bytes an order: table ' || pg_table_size('orders_synced') / count(*) || ', index ' || pg_indexes_size('orders_synced') / count(*)
        || ', log ' || pg_wal_lsn_diff(pg_current_wal_lsn(), '$before')::bigint / count(*) from orders_synced"
    measure "scale factor $scale over a full one" --scale-factor "$scale" --replace
    psql -Xqc 'truncate orders_synced'
    measure "scale factor 0.01 into an empty table" --scale-factor 0.01
fi
