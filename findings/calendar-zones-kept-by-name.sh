#!/usr/bin/env bash
# vobject 0.9.9 and icalendar 7.3.0 keep a time zone under its name for the life of the process.
#
# Two calendar files each define a zone named "Clinic", one at UTC-5 and one at UTC+1, and each
# has one event at 09:00 Clinic. RFC 5545 resolves a TZID inside its own file, so the second event
# is at 08:00 UTC. Both libraries read it with the zone of the first file, six hours late, without
# a word. Read alone, the second file is right, so that a test of one file does not find this.
#
# Seen:
#   vobject    second file alone 08:00, after the first file 14:00
#   icalendar  second file alone 08:00, after the first file 14:00
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq icalendar==7.3.0 vobject==0.9.9 python-dateutil==2.9.0.post0

cat >"$folder/read.py" <<'PY'
"""Read files of these offsets in this order by this library; print the last event in UTC."""
import sys
from datetime import UTC

import icalendar
import vobject


def file(offset):
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//EN",
        "BEGIN:VTIMEZONE", "TZID:Clinic",
        "BEGIN:STANDARD", "DTSTART:19700101T000000",
        f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}", "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT", "UID:visit@example", "DTSTAMP:20270101T000000Z",
        "DTSTART;TZID=Clinic:20270301T090000", "END:VEVENT",
        "END:VCALENDAR", "",
    ]
    return "\r\n".join(lines)


READERS = {
    "vobject": lambda text: vobject.readOne(text).vevent.dtstart.value,
    "icalendar": lambda text: icalendar.Calendar.from_ical(text).events[0].start,
}
library, *offsets = sys.argv[1:]
starts = [READERS[library](file(offset)) for offset in offsets]
print(starts[-1].astimezone(UTC).strftime("%H:%M"))
PY

changed=0
for library in vobject icalendar; do
    alone=$("$folder/venv/bin/python" "$folder/read.py" "$library" +0100)
    after=$("$folder/venv/bin/python" "$folder/read.py" "$library" -0500 +0100)
    echo "$library: second file alone $alone, after the first file $after"
    [ "$alone $after" = "08:00 14:00" ] || changed=1
done
exit "$changed"
