#!/usr/bin/env bash
# ical.js 2.2.1 leaves out the first date of an event that lists its other dates as RDATE.
#
# RFC 5545 counts DTSTART as the first date of the set. An event on 1 March with the further dates
# 3 and 5 March therefore has three dates. ical.js gives two: without an RRULE, its iterator starts
# at the first RDATE. Python's icalendar with recurring-ical-events gives three.
# The same happens to the first change of the clock in a VTIMEZONE that has DTSTART and RDATE.
#
# Seen:
#   ical.js                03 05
#   recurring_ical_events  01 03 05
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq icalendar==7.3.0 recurring-ical-events==3.8.2
npm install --silent --no-audit --no-fund --prefix "$folder" ical.js@2.2.1

printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:-//example//EN \
    BEGIN:VEVENT UID:visit@example DTSTAMP:20270101T000000Z \
    DTSTART:20270301T140000Z RDATE:20270303T140000Z,20270305T140000Z \
    END:VEVENT END:VCALENDAR >"$folder/plan.ics"

cat >"$folder/read.mjs" <<'JS'
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")));
const dates = new ICAL.Event(calendar.getFirstSubcomponent("vevent")).iterator();
const days = [];
for (let date = dates.next(); date && days.length < 9; date = dates.next()) {
  days.push(date.toString().slice(8, 10));
}
console.log("ical.js", days.join(" "));
JS
cat >"$folder/read.py" <<'PY'
import sys

import icalendar
import recurring_ical_events

with open(sys.argv[1], "rb") as file:
    calendar = icalendar.Calendar.from_ical(file.read())
events = recurring_ical_events.of(calendar).between((2027, 3, 1), (2027, 3, 31))
print("recurring_ical_events", *sorted(f"{event.start:%d}" for event in events))
PY

seen=$(node "$folder/read.mjs" "$folder/plan.ics"; "$folder/venv/bin/python" "$folder/read.py" "$folder/plan.ics")
echo "$seen"
[ "$seen" = "ical.js 03 05
recurring_ical_events 01 03 05" ]
