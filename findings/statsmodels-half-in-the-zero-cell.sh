#!/usr/bin/env bash
# statsmodels 0.15.0: Table2x2 adds 0.5 to the zero cell alone, and also where nothing needs it.
#
# Its documentation says that 0.5 is added to all cells when one is zero, which is the usual
# correction (Haldane-Anscombe). The code adds it to the zero cell only, so that the odds ratio is
# another one. It is on by default and silent, and changes the risk ratio, too: 10 of 10 against 5
# of 10 is 2 without any correction, and is reported as 1.905.
#
# Seen for [[10, 0], [5, 5]]:
#   table used [[10, 0.5], [5, 5]]
#   odds ratio 20 (with 0.5 in all cells 21)
#   risk ratio 1.905 (without correction 2)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq statsmodels==0.15.0 scipy==1.17.1 numpy==2.4.6 pandas==3.1.1

cat >"$folder/look.py" <<'PY'
import sys

import numpy as np
from statsmodels.stats.contingency_tables import Table2x2

given = np.array([[10, 0], [5, 5]])
default, plain = Table2x2(given), Table2x2(given, shift_zeros=False)
everywhere = Table2x2(given + 0.5, shift_zeros=False)
seen = {
    "table used": default.table.tolist(),
    "odds ratio": float(default.oddsratio),
    "odds ratio with 0.5 in all cells": round(float(everywhere.oddsratio), 3),
    "risk ratio": round(float(default.riskratio), 3),
    "risk ratio without correction": float(plain.riskratio),
}
for name, value in seen.items():
    print(name, value)
sys.exit(list(seen.values()) != [[[10.0, 0.5], [5.0, 5.0]], 20.0, 21.0, 1.905, 2.0])
PY
"$folder/venv/bin/python" "$folder/look.py"
