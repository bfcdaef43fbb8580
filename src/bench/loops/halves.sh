#!/bin/sh
# halves.sh LIST URL FOLDER IN_FLIGHT NODE LOOP: two processes of a bare loop at the same time, each with every other customer
# and half of the requests in flight; what they write is put together. So much quicker does a second process make it.
list=$1 url=$2 folder=$3 in_flight=$4 node=$5 loop=$6
tail -n +2 "$list" | awk -v folder="$folder" '{ print > (folder "/half-" NR % 2 ".list") }'
for half in 0 1; do
  mkdir "$folder/half-$half"
  { echo customer && cat "$folder/half-$half.list"; } > "$folder/half-$half/list"
  "$node" "$loop" "$folder/half-$half/list" "$url" "$folder/half-$half" $(((in_flight + 1) / 2)) &
done
wait
for name in results failed log; do
  cat "$folder/half-0/$name.txt" "$folder/half-1/$name.txt" > "$folder/$name.txt"
done
