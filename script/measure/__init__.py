"""The measurements of script/bench: ratios, interleaved in one run, medians of several rounds."""
