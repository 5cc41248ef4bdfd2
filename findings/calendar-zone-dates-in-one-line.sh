#!/usr/bin/env bash
# icalendar 7.3.0 writes a time zone that vobject 0.9.9 and ical.js 2.2.1 read as winter all year.
#
# Calendar.add_missing_timezones() without arguments writes the changes of the clock from 1970 to
# 2038 as one RDATE property with many dates, which RFC 5545 allows. Both readers take only the
# first date of that property inside of a VTIMEZONE and drop the rest without a word. icalendar
# reads its own file rightly, because it knows the name of the zone and does not look at the
# definition: a round trip through one library shows nothing.
#
# Seen for 09:00 in New York on 1 July 2027, which is 13:00 UTC:
#   icalendar 13:00
#   vobject   14:00
#   ical.js   14:00
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq icalendar==7.3.0 vobject==0.9.9 python-dateutil==2.9.0.post0
npm install --silent --no-audit --no-fund --prefix "$folder" ical.js@2.2.1

cat >"$folder/write.py" <<'PY'
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import icalendar
import vobject

event = icalendar.Event()
event.add("uid", "visit@example")
event.add("dtstamp", datetime(2027, 1, 1, tzinfo=UTC))
event.add("dtstart", datetime(2027, 7, 1, 9, tzinfo=ZoneInfo("America/New_York")))
calendar = icalendar.Calendar()
calendar.add("version", "2.0")
calendar.add("prodid", "-//example//EN")
calendar.add_component(event)
calendar.add_missing_timezones()
written = calendar.to_ical()
with open(sys.argv[1], "wb") as file:
    file.write(written)

again = icalendar.Calendar.from_ical(written).events[0].start
print("icalendar", again.astimezone(UTC).strftime("%H:%M"))
other = vobject.readOne(written.decode()).vevent.dtstart.value
print("vobject", other.astimezone(UTC).strftime("%H:%M"))
PY
cat >"$folder/read.mjs" <<'JS'
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")));
const event = new ICAL.Event(calendar.getFirstSubcomponent("vevent"));
console.log("ical.js", event.startDate.toJSDate().toISOString().slice(11, 16));
JS

seen=$("$folder/venv/bin/python" "$folder/write.py" "$folder/plan.ics"; node "$folder/read.mjs" "$folder/plan.ics")
echo "$seen"
[ "$seen" = "icalendar 13:00
vobject 14:00
ical.js 14:00" ]
