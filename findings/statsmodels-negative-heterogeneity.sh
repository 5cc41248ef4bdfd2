#!/usr/bin/env bash
# statsmodels 0.15.0: a random-effects mean can come out more certain than the fixed-effect one.
#
# combine_effects(method_re="dl") is the DerSimonian-Laird estimate, which other programs cut off at
# zero. statsmodels leaves the variance between studies negative when they agree better than chance,
# and subtracts it from the variance of each study. The random interval, which should be the wider
# or the same, becomes less than half as wide, and I2 far below zero, without a warning.
# method_re="iterated" stops at zero and gives the two equal.
#
# Seen for effects 0.30, 0.35, 0.32 with variances 0.04, 0.05, 0.03:
#   fixed     tau2 none     0.100 to 0.543
#   dl        tau2 -0.0386  0.229 to 0.377   I2 -70.8
#   iterated  tau2 0        0.100 to 0.543
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq statsmodels==0.15.0 scipy==1.17.1 numpy==2.4.6 pandas==3.1.1

cat >"$folder/look.py" <<'PY'
import sys

import numpy as np
from statsmodels.stats.meta_analysis import combine_effects

EFFECTS, VARIANCES = np.array([0.30, 0.35, 0.32]), np.array([0.04, 0.05, 0.03])


def interval(frame, row):
    return tuple(round(float(frame.loc[row, end]), 3) for end in ("ci_low", "ci_upp"))


seen = {}
for method in ("dl", "iterated"):
    result = combine_effects(EFFECTS, VARIANCES, method_re=method)
    frame = result.summary_frame()
    seen["fixed"] = interval(frame, "fixed effect")
    seen[method] = (round(float(result.tau2), 4), interval(frame, "random effect"))
    print(method, "tau2, interval:", *seen[method], "I2:", round(float(result.i2), 1))
print("fixed interval:", seen["fixed"])
sys.exit(
    seen != {"fixed": (0.1, 0.543), "dl": (-0.0386, (0.229, 0.377)), "iterated": (0.0, (0.1, 0.543))}
)
PY
"$folder/venv/bin/python" "$folder/look.py"
