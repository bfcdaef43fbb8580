#!/bin/sh
# halves.sh LIST URL FOLDER IN_FLIGHT NODE LOOP: two processes of a bare loop at the same time, each with every other customer
# and half of the requests in flight; what they write is put together. So much quicker does a second process make it.
list=$1 url=$2 folder=$3 in_flight=$4 node=$5 loop=$6
mkdir "$folder/half-0" "$folder/half-1"
# Both have the header.
awk -v folder="$folder" '{ for (half = 0; half < 2; half += 1) if (NR == 1 || NR % 2 == half) print > (folder "/half-" half "/list") }' "$list"
for half in "$folder/half-0" "$folder/half-1"; do
  "$node" "$loop" "$half/list" "$url" "$half" $(((in_flight + 1) / 2)) &
done
wait
for name in results failed log; do
  cat "$folder/half-0/$name.txt" "$folder/half-1/$name.txt" > "$folder/$name.txt"
done
