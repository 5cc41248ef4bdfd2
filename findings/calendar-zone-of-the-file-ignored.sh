#!/usr/bin/env bash
# node-ical 0.27.2 and ics 0.7.3 do not read the time zone that a calendar file defines itself.
#
# The file defines the zone "Clinic", at UTC-5 all year, and puts an event at 09:00 Clinic, which is
# 14:00 UTC. Neither reader uses the definition or complains: node-ical takes the zone of the
# machine, so that the same file means another hour on another computer; ics takes UTC.
#
# Seen:
#   node-ical on a machine in UTC    09:00
#   node-ical on a machine in Tokyo  00:00
#   ics                              09:00
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq ics==0.7.3
npm install --silent --no-audit --no-fund --prefix "$folder" node-ical@0.27.2

printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:-//example//EN \
    BEGIN:VTIMEZONE TZID:Clinic \
    BEGIN:STANDARD DTSTART:19700101T000000 TZOFFSETFROM:-0500 TZOFFSETTO:-0500 END:STANDARD \
    END:VTIMEZONE \
    BEGIN:VEVENT UID:visit@example DTSTAMP:20270101T000000Z \
    "DTSTART;TZID=Clinic:20270301T090000" END:VEVENT END:VCALENDAR >"$folder/plan.ics"

cat >"$folder/read.mjs" <<'JS'
import { readFileSync } from "node:fs";
import ical from "node-ical";

const events = Object.values(ical.sync.parseICS(readFileSync(process.argv[2], "utf8")));
const visit = events.find((one) => one.type === "VEVENT");
console.log("node-ical", process.env.TZ, visit.start.toISOString().slice(11, 16));
JS
cat >"$folder/read.py" <<'PY'
import sys

import ics

with open(sys.argv[1], newline="") as file:
    (event,) = ics.Calendar(file.read()).events
print("ics", event.begin.to("utc").format("HH:mm"))
PY

seen=$(TZ=UTC node "$folder/read.mjs" "$folder/plan.ics"
    TZ=Asia/Tokyo node "$folder/read.mjs" "$folder/plan.ics"
    "$folder/venv/bin/python" "$folder/read.py" "$folder/plan.ics")
echo "$seen"
[ "$seen" = "node-ical UTC 09:00
node-ical Asia/Tokyo 00:00
ics 09:00" ]
