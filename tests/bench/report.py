#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""From the lines that ucg_bench_user printed: a table, OUT.json, a plot, and a verdict."""

import argparse
import json
import sys

CONFIGURATIONS = ["off", "stock", "warn", "enforce", "rules10k", "unloaded"]
# Rounds of one configuration agree within this part.
AGREE = 0.005
# (guard - off) / (stock - off): what is aimed at.
TARGET = {"micro": 0.5, "syscall": 1.0}
# A row may get this part worse than the figures that are kept.
WORSE = 0.03
# enforce and 10 000 rules, against warn alone.
SAME = 1.02
# A copy's share of what happens once a batch, in instructions.
NOISE = 0.5
# The kernel looks vmalloc areas up in a tree: two levels more or less, in instructions, as
# others come and go.
TREE = 17
# Checks that cost less than this, in instructions, are not compared by their ratio: there
# is none in this row, what is seen is noise.
NO_CHECK = 3.0


def read(path):
    """Figures per copy or call: {(kind, row): {configuration: [round 1, round 2]}}."""
    rows = {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            _, configuration, _, kind, row, ticks, calls = line.split()
            figures = rows.setdefault((kind, row), {})
            figures.setdefault(configuration, []).append(int(ticks) / int(calls))
    return rows


class Verdict:
    """Counts what passed and what failed, and says what failed."""

    def __init__(self):
        self.passed = self.failed = 0

    def item(self, text, wrong):
        """One test; @wrong lists what speaks against it."""
        if wrong:
            self.failed += 1
            print("not ok - " + text)
            for detail in wrong:
                print("#   " + detail)
        else:
            self.passed += 1
            print("ok - " + text)


def ratio(row, configuration="warn"):
    """(guard - off) / (stock - off), None for a row without a check."""
    stock = row["stock"] - row["off"]
    return (row[configuration] - row["off"]) / stock if stock >= NO_CHECK else None


def print_table(rows):
    """The figures, and what the guard's check costs against the kernel's."""
    head = ["row"] + CONFIGURATIONS + ["guard", "kernel", "ratio"]
    print("{:<31}".format(head[0]) + "".join("{:>10}".format(h) for h in head[1:]))
    for row in rows:
        quotient = ratio(row)
        line = "{:<31}".format(row["row"])
        line += "".join("{:>10.1f}".format(row[c]) for c in CONFIGURATIONS)
        line += "{:>10.1f}{:>10.1f}".format(row["warn"] - row["off"], row["stock"] - row["off"])
        line += "{:>10}".format("-" if quotient is None else "{:.3f}".format(quotient))
        print(line)
    print("Instructions per copy or per call; guard = warn - off, kernel = stock - off, ratio = "
          "guard / kernel.")


def above_target(rows):
    """Rows that miss the target are told, with what they are above it."""
    missed = False
    for row in rows:
        quotient, target = ratio(row), TARGET[row["kind"]]
        if quotient is None or quotient <= target:
            continue
        excess = row["warn"] - row["off"] - target * (row["stock"] - row["off"])
        missed = True
        print("above the target: {} has {:.3f}, not {:.1f}: {:.1f} instructions too many".format(
            row["row"], quotient, target, excess))
    if not missed:
        print("No row is above its target ({} for copies, {} for system calls).".format(
            TARGET["micro"], TARGET["syscall"]))


def check_rounds(raw, verdict):
    """The two rounds of each configuration."""
    wrong, spread = [], 0.0
    for (_, name), figures in raw.items():
        for configuration, rounds in figures.items():
            apart = (max(rounds) - min(rounds)) / min(rounds)
            spread = max(spread, apart)
            if len(rounds) != 2 or apart > AGREE:
                wrong.append("{} in {}: {}".format(name, configuration, rounds))
    verdict.item("repeats agree within {:.1f} % (the worst: {:.3f} %)".format(
        100 * AGREE, 100 * spread), wrong)


def check_same(rows, configuration, limit, text, verdict):
    """@configuration against warn: what the check costs, so that long copies hide nothing."""
    wrong = []
    for row in rows:
        other, guard, off = row[configuration], row["warn"], row["off"]
        if row["kind"] == "micro":
            other, guard = other - off, guard - off
        if other > guard * limit + NOISE:
            wrong.append("{}: {:.1f}, {:.1f} in warn".format(row["row"], other, guard))
    verdict.item(text, wrong)


def check_unloaded(rows, verdict):
    """After rmmod all is as it was."""
    wrong = []
    for row in rows:
        # Copies are exact, and a long one would hide much.
        apart = NOISE if row["kind"] == "micro" else AGREE * row["stock"]
        if row["row"].startswith("vmalloc"):
            apart = TREE
        if abs(row["unloaded"] - row["stock"]) > apart:
            wrong.append("{}: {:.1f}, {:.1f} before".format(
                row["row"], row["unloaded"], row["stock"]))
    verdict.item("after unload every row costs what it cost before", wrong)


def check_kept(rows, kept, release, verdict):
    """Each row of warn against the figures in the repository."""
    if kept["kernel"] != release:
        print("The figures that are kept are of {}.".format(kept["kernel"]))
    old_rows = {row["row"]: row for row in kept["rows"]}
    for row in rows:
        old = old_rows.pop(row["row"], None)
        if old is None:
            verdict.item("{} is in the figures that are kept".format(row["row"]),
                         ["it is not; run tests/bench/run --update and commit them"])
            continue
        new_cost, old_cost, what = row["warn"], old["warn"], "the call"
        if row["kind"] == "micro":
            # The copy itself is the kernel's and would hide the check.
            new_cost, old_cost = new_cost - row["off"], old_cost - old["off"]
            what = "the check"
        wrong = []
        if new_cost > old_cost * (1 + WORSE) + NOISE:
            wrong = ["more than {:.0f} % worse".format(100 * WORSE)]
        verdict.item("{}: {} has {:.1f} instructions, was {:.1f}".format(
            row["row"], what, new_cost, old_cost), wrong)
    for name in old_rows:
        verdict.item(name, ["is in the figures that are kept, and was not measured"])


def plot(rows, release, path):
    """The cost of the guard's check and of the kernel's, per row."""
    try:
        import matplotlib
        matplotlib.use("svg")
        from matplotlib import pyplot
    except ImportError:
        print("No plot: python3-matplotlib is not installed (scripts/setup bench).")
        return
    matplotlib.rcParams["svg.hashsalt"] = "usercopy_guard"
    figure, axes = pyplot.subplots(1, 2, figsize=(14, 9))
    for panel, kind, title in ((axes[0], "micro", "copies"), (axes[1], "syscall", "system calls")):
        some = [row for row in rows if row["kind"] == kind][::-1]
        places = range(len(some))
        panel.barh([p + 0.2 for p in places], [r["stock"] - r["off"] for r in some], 0.38,
                   color="#999999", label="the kernel's check")
        panel.barh([p - 0.2 for p in places], [r["warn"] - r["off"] for r in some], 0.38,
                   color="#2266aa", label="usercopy_guard (warn)")
        panel.set_yticks(list(places))
        panel.set_yticklabels([r["row"] for r in some], fontsize=8)
        panel.set_xlabel("instructions more than without a check")
        if kind == "micro":
            # One long copy would make all others a line.
            panel.set_xscale("symlog", linthresh=100)
        panel.set_title("{}, {}".format(title, release))
        panel.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    print("The plot: " + path)


def dump(result, path):
    """One line a row, for what is kept to be read in a diff."""
    with open(path, "w", encoding="ascii") as out:
        out.write('{{"kernel": {}, "unit": {}, "rows": [\n'.format(
            json.dumps(result["kernel"]), json.dumps(result["unit"])))
        out.write(",\n".join("  " + json.dumps(row) for row in result["rows"]))
        out.write("\n]}\n")


def main():
    """See the comment on top of tests/bench/run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--figures", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("raw")
    args = parser.parse_args()

    raw = read(args.raw)
    verdict = Verdict()
    scale = raw.pop(("micro", "ticks_of_1000_instructions"), {})
    wrong = ["{}: {} ticks".format(c, rounds) for c, rounds in scale.items()
             if any(ticks != 1000 for ticks in rounds)]
    verdict.item("the guest's TSC counts instructions", wrong if scale else ["it was not tested"])

    rows = []
    for (kind, name), figures in raw.items():
        missing = [c for c in CONFIGURATIONS if c not in figures]
        if missing:
            sys.exit("report.py: row {} lacks {}".format(name, ", ".join(missing)))
        row = {"row": name, "kind": kind}
        row.update((c, round(min(figures[c]), 2)) for c in CONFIGURATIONS)
        rows.append(row)
    result = {"kernel": args.kernel, "unit": "instructions", "rows": rows}
    dump(result, args.out + ".json")
    print_table(rows)
    above_target(rows)
    plot(rows, args.kernel, args.out + ".svg")

    check_rounds(raw, verdict)
    check_same(rows, "enforce", SAME, "enforce costs what warn does, on copies that pass", verdict)
    check_same(rows, "rules10k", SAME, "10 000 rules cost what none do", verdict)
    check_unloaded(rows, verdict)
    if args.check:
        try:
            with open(args.figures, encoding="ascii") as kept:
                check_kept(rows, json.load(kept), args.kernel, verdict)
        except FileNotFoundError:
            verdict.item("there are figures to compare with",
                         ["no {}; tests/bench/run --update makes it".format(args.figures)])
    if args.update:
        dump(result, args.figures)
        print("Kept as " + args.figures)
    print("bench: {} passed, {} failed".format(verdict.passed, verdict.failed))
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
