#!/bin/sh
# curl.sh LIST URL FOLDER IN_FLIGHT: the job with curl and jq; curl writes each answer at once, so that small ones do not mix.
# No retry: a customer whose answer is no 200 stands in the failed file.
list=$1 url=$2 folder=$3 in_flight=$4
prefix=${url%'{0}'}
tail -n +2 "$list" | sed "s|.*|url = \"$prefix&\"|" > "$folder/urls"
curl --no-progress-meter --fail --parallel --parallel-immediate --parallel-max "$in_flight" --config "$folder/urls" \
  --write-out '%{stderr}%{http_code} %{url}\n' 2> "$folder/statuses" |
  jq --raw-output '(now | strflocaltime("%Y/%m/%d %H:%M:%S")) as $time | .customer as $customer
    | "L\($time) - Requesting details for customer \($customer)",
      (.details[] | "R\($customer), \(.id), \(.relevanceScore), \(.relevanceRank)"),
      "L\($time) - Successfully retrieved \(.details | length) details(s) for \($customer)"' |
  awk -v results="$folder/results.txt" -v log_file="$folder/log.txt" \
    '{ print substr($0, 2) > (/^R/ ? results : log_file) }'
awk -v length_of_prefix="${#prefix}" '$1 != 200 { print substr($2, length_of_prefix + 1) }' "$folder/statuses" \
  > "$folder/failed.txt"
