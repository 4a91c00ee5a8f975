#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""From the lines that ucg_native.c printed: a table, bench-native.json and a verdict."""

import argparse
import json
import re
import sys

# guard / kernel, both without what the loop and the call cost, for rows that begin so.
TARGET = 0.7
TARGET_ROWS = ("slab", "kmalloc", "stack")


def read(path):
    """{row: {guard|kernel|call: nanoseconds}}"""
    rows = {}
    with open(path, encoding="ascii", errors="replace") as lines:
        for line in lines:
            found = re.search(r"ucg_native: (\w+) (guard|kernel|call) (\d+)", line)
            if found:
                rows.setdefault(found[1], {})[found[2]] = int(found[3]) / 1000
    return rows


def main():
    """See the comment on top of tests/bench/native."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--counters", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("log")
    args = parser.parse_args()

    passed = failed = 0
    rows = []
    print("{:<18}{:>10}{:>10}{:>10}{:>10}{:>10}".format(
        "row", "call", "guard", "kernel", "ratio", "with call"))
    for name, row in read(args.log).items():
        guard, kernel = row["guard"] - row["call"], row["kernel"] - row["call"]
        row = {"row": name, "call": row["call"], "guard": row["guard"], "kernel": row["kernel"],
               "ratio": round(guard / kernel, 3),
               "ratio_with_call": round(row["guard"] / row["kernel"], 3)}
        rows.append(row)
        print("{row:<18}{call:>10.2f}{guard:>10.2f}{kernel:>10.2f}{ratio:>10.3f}"
              "{ratio_with_call:>10.3f}".format(**row))
    print("Nanoseconds of one check, medians; ratio = (guard - call) / (kernel - call).")
    print("Cycles and branches: {}.".format(args.counters))
    with open(args.out, "w", encoding="ascii") as out:
        json.dump({"kernel": args.kernel, "unit": "nanoseconds", "counters": args.counters,
                   "rows": rows}, out, indent=1)
        out.write("\n")

    for row in rows:
        if not row["row"].startswith(TARGET_ROWS):
            continue
        right = row["ratio"] <= TARGET
        passed, failed = passed + right, failed + (not right)
        print("{}ok - {}: {:.3f} of the kernel's check, at most {}".format(
            "" if right else "not ", row["row"], row["ratio"], TARGET))
    if not passed + failed:
        failed = 1
        print("not ok - rows were measured")
    print("bench-native: {} passed, {} failed".format(passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
