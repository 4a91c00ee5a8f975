#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""From the lines that ucg_bench_user printed: a table, OUT.json, a plot, and a verdict."""

import argparse
import json
import sys

CONFIGURATIONS = ["off", "stock", "warn", "enforce", "rules10k", "policies", "sampled", "evidence",
                  "unloaded"]
# Rows that miss it, and why. One that is not here fails, and so does one that no longer misses.
MISSES = {
    "vmalloc64_to_user_262144":
        "each of 64 pages has to be looked at, one instruction each; the kernel looks its list "
        "of areas up under a lock, and knows the size",
    "vmalloc64_from_user_262144": "the same",
    "module_data_to_user_64":
        "three entries of the page table say that this is no module's code; the kernel does not "
        "look at modules at all",
    "module_data_from_user_64": "the same",
}
# What a known violation may cost, with the copy and all, in instructions.
VIOLATION = 3000
# What looking up rules may add, however many there are.
LOOKUP = 2000
# With more caches, rules and violations nothing gets more expensive than this. The fewest of
# them are compared with the most; with rules, from where there are any.
FLAT = 1.02
# The same for CPUs that copy at once, where time is measured and not instructions.
FLAT_CPUS = 1.3
# Rounds of one configuration agree within this part.
AGREE = 0.005
# (guard - off) / (stock - off): what is aimed at.
TARGET = {"micro": 0.5, "syscall": 1.0}
# A row may get this part worse than the figures that are kept.
WORSE = 0.03
# enforce, 10 000 rules and 10 000 violations, against warn alone.
SAME = 1.02
# And what no row may be above, known or not.
LIMIT = 1.0
# A copy's share of what happens once a batch, in instructions.
NOISE = 0.5
# The kernel looks vmalloc areas up in a tree: two levels more or less, in instructions, as
# others come and go. Kernels with frame pointers compile it to more.
TREE = 17
TREE_WITH_FRAMES = 21
# Where these kernels have to meet the target: the guard's functions have frames there as well, and
# none of the others is as frequent.
ASKED_WITH_FRAMES = ("slab", "kmalloc", "stack", "page", "compound")
# A vmalloc area is told from the stack of who copies sooner if it is below it (trampoline.S). Where
# the stack of the process that times is, nobody chooses. In instructions.
SIDE = 7
# Checks that cost less than this, in instructions, are not compared by their ratio: there
# is none in this row, what is seen is noise.
NO_CHECK = 3.0


def read(path):
    """
    Figures per copy or call: {(kind, row): {configuration: [round 1, round 2]}}, and what may
    grow: {caches|rules|policies|violations|cpus: {number: {good|violation: least ticks a copy}}}.
    """
    rows, growth = {}, {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            words = line.split()
            each = int(words[-2]) / int(words[-1])
            if words[0] == "growth:":
                point = growth.setdefault(words[1], {}).setdefault(int(words[2]), {})
                point[words[3]] = min(each, point.get(words[3], each))
            else:
                figures = rows.setdefault((words[3], words[4]), {})
                figures.setdefault(words[1], []).append(each)
    return rows, growth


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


def has_frames(kernel):
    """Is it one of tests/kernels/table with frame pointers?"""
    return kernel.startswith("frame-pointer")


def check_target(rows, kernel, verdict):
    """No row above its target but the known ones, and those say why."""
    wrong, missed = [], set()
    for row in rows:
        quotient, target = ratio(row), TARGET[row["kind"]]
        if quotient is None or quotient <= target:
            continue
        excess = row["warn"] - row["off"] - target * (row["stock"] - row["off"])
        text = "{} has {:.3f}, not {:.1f}: {:.1f} instructions too many".format(
            row["row"], quotient, target, excess)
        missed.add(row["row"])
        if has_frames(kernel) and row["kind"] == "micro" and \
           not row["row"].startswith(ASKED_WITH_FRAMES):
            print("above the target: {} (not asked for with frame pointers)".format(text))
        elif row["row"] not in MISSES or quotient > LIMIT:
            wrong.append(text)
        else:
            print("above the target: {} ({})".format(text, MISSES[row["row"]]))
    wrong += ["{} is known to miss the target, and does not".format(name)
              for name in MISSES if name not in missed]
    verdict.item("guard / kernel: at most {} for copies, {} for system calls; {} known rows miss "
                 "that, and none is above {}".format(TARGET["micro"], TARGET["syscall"],
                                                     len(MISSES), LIMIT), wrong)


def first_of(what, name, numbers):
    """What the rest is compared with: without rules none are looked up. That has its own test."""
    return numbers[1] if what in ("rules", "policies") and name == "violation" else numbers[0]


def print_growth(growth):
    """One line for each point."""
    print("{:<12}{:>8}{:>12}{:>20}".format("", "", "good copy", "known violation"))
    for what, points in growth.items():
        for number, point in sorted(points.items()):
            print("{:<12}{:>8}{:>12.1f}{:>20.1f}".format(
                what, number, point["good"], point["violation"]))
    print("Instructions with the copy (32 or 64 bytes) and all; for cpus, ticks of time.")


def check_growth(growth, verdict):
    """Flat, and violations are cheap."""
    for what in ("caches", "rules", "policies", "violations", "cpus"):
        points = growth.get(what)
        if not points:
            # Only where it is timed it may be left out.
            if what != "cpus":
                verdict.item("cost against the number of " + what, ["was not measured"])
            continue
        limit = FLAT_CPUS if what == "cpus" else FLAT
        numbers = sorted(points)
        wrong = []
        for name in ("good", "violation"):
            first = first_of(what, name, numbers)
            worst = max(points[n][name] for n in numbers)
            if worst > points[first][name] * limit:
                wrong.append("{}: {:.1f} with {}, up to {:.1f} with more".format(
                    name, points[first][name], first, worst))
        verdict.item("{} to {} {}: a copy costs the same".format(numbers[0], numbers[-1], what),
                     wrong)
    known = max((point["violation"] for what, points in growth.items() if what != "cpus"
                 for point in points.values()), default=0)
    verdict.item("a known violation has less than {} instructions ({:.0f} at most)".format(
        VIOLATION, known), [] if 0 < known < VIOLATION else ["it has {:.0f}".format(known)])
    rules = growth.get("rules", {})
    if len(rules) > 1:
        more = rules[max(rules)]["violation"] - rules[min(rules)]["violation"]
        verdict.item("looking it up in {} rules adds less than {} ({:.0f})".format(
            max(rules), LOOKUP, more), [] if 0 < more < LOOKUP else ["it adds {:.0f}".format(more)])


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
        most = max(limit, 1 + AGREE)
        if row["kind"] == "micro":
            other, guard, most = other - off, guard - off, limit
        side = SIDE if row["row"].startswith("vmalloc") else 0
        if other > guard * most + side + NOISE:
            wrong.append("{}: {:.1f}, {:.1f} in warn".format(row["row"], other, guard))
    verdict.item(text, wrong)


def check_unloaded(rows, kernel, verdict):
    """After rmmod all is as it was."""
    wrong = []
    for row in rows:
        # Copies are exact, and a long one would hide much.
        apart = NOISE if row["kind"] == "micro" else AGREE * row["stock"]
        if row["row"].startswith("vmalloc"):
            apart = TREE_WITH_FRAMES if has_frames(kernel) else TREE
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
        side = SIDE if row["row"].startswith("vmalloc") else 0
        if new_cost > old_cost * (1 + WORSE) + side + NOISE:
            wrong = ["more than {:.0f} % worse".format(100 * WORSE)]
        verdict.item("{}: {} has {:.1f} instructions, was {:.1f}".format(
            row["row"], what, new_cost, old_cost), wrong)
    for name in old_rows:
        verdict.item(name, ["is in the figures that are kept, and was not measured"])


def plot_rows(panel, rows, kind, title):
    """Bars: what the check of each row costs."""
    some = [row for row in rows if row["kind"] == kind][::-1]
    places = range(len(some))
    panel.barh([p + 0.2 for p in places], [r["stock"] - r["off"] for r in some], 0.38,
               color="#999999", label="the kernel's check")
    panel.barh([p - 0.2 for p in places], [r["warn"] - r["off"] for r in some], 0.38,
               color="#2266aa", label="usercopy_guard (warn)")
    panel.set_yticks(list(places))
    # Room for the legend.
    panel.set_ylim(-1, len(some) + 1.5)
    panel.set_yticklabels([r["row"] for r in some], fontsize=8)
    panel.set_xlabel("instructions more than without a check")
    panel.set_title(title)
    panel.legend(fontsize=8)


def plot_growth(panel, growth):
    """Lines: what a copy costs the more there is of something, against the least of it."""
    for what, points in growth.items():
        numbers = sorted(points)
        for name, style in (("good", "-"), ("violation", "--")):
            first = first_of(what, name, numbers)
            some = [n for n in numbers if n >= first]
            panel.plot([max(n, 1) for n in some],
                       [points[n][name] / points[first][name] for n in some], style,
                       marker="o", markersize=4,
                       label="{}, {}".format(what, "known violation" if name == "violation"
                                             else "good copy"))
    panel.set_xscale("log")
    panel.set_ylim(0, 2)
    panel.set_xlabel("how many there are")
    panel.set_ylabel("cost of a copy, against the fewest")
    panel.set_title("growth")
    panel.legend(fontsize=8)


def plot(rows, growth, release, path):
    """The cost of the guard's check and of the kernel's, per row, and what grows."""
    try:
        import matplotlib
        matplotlib.use("svg")
        from matplotlib import pyplot
    except ImportError:
        print("No plot: python3-matplotlib is not installed (scripts/setup bench).")
        return
    matplotlib.rcParams["svg.hashsalt"] = "usercopy_guard"
    figure = pyplot.figure(figsize=(14, 10))
    grid = figure.add_gridspec(2, 2)
    plot_rows(figure.add_subplot(grid[:, 0]), rows, "micro", "copies, " + release)
    plot_rows(figure.add_subplot(grid[0, 1]), rows, "syscall", "system calls, " + release)
    plot_growth(figure.add_subplot(grid[1, 1]), growth)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    print("The plot: " + path)


def dump(result, path):
    """One line a row, for what is kept to be read in a diff."""
    with open(path, "w", encoding="ascii") as out:
        out.write('{{"kernel": {}, "unit": {}, "rows": [\n'.format(
            json.dumps(result["kernel"]), json.dumps(result["unit"])))
        out.write(",\n".join("  " + json.dumps(row) for row in result["rows"]))
        out.write('\n], "growth": [\n')
        out.write(",\n".join("  " + json.dumps(point) for point in result["growth"]))
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

    raw, growth = read(args.raw)
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
    # Of CPUs time is known, and nothing that could be compared with another run.
    points = [{"of": what, "number": number,
               "unit": "ticks" if what == "cpus" else "instructions",
               "good": round(point["good"], 2), "violation": round(point["violation"], 2)}
              for what, numbers in growth.items() for number, point in sorted(numbers.items())]
    result = {"kernel": args.kernel, "unit": "instructions", "rows": rows, "growth": points}
    dump(result, args.out + ".json")
    print_table(rows)
    print_growth(growth)
    plot(rows, growth, args.kernel, args.out + ".svg")

    check_target(rows, args.kernel, verdict)
    check_growth(growth, verdict)
    check_rounds(raw, verdict)
    check_same(rows, "enforce", SAME, "enforce costs what warn does, on copies that pass", verdict)
    check_same(rows, "rules10k", SAME, "10 000 rules cost what none do", verdict)
    check_same(rows, "policies", 1.0, "1000 policies for callers and modules cost nothing, on "
               "copies that pass", verdict)
    check_same(rows, "sampled", SAME, "sampling uses costs nothing between its windows", verdict)
    check_same(rows, "evidence", SAME, "10 000 known violations cost what none do, on copies "
               "that pass", verdict)
    check_unloaded(rows, args.kernel, verdict)
    if args.check:
        try:
            with open(args.figures, encoding="ascii") as kept:
                check_kept(rows, json.load(kept), args.kernel, verdict)
        except FileNotFoundError:
            verdict.item("there are figures to compare with",
                         ["no {}; tests/bench/run --update makes it".format(args.figures)])
    if args.update:
        result["growth"] = [point for point in points if point["unit"] == "instructions"]
        dump(result, args.figures)
        print("Kept as " + args.figures)
    print("bench: {} passed, {} failed".format(verdict.passed, verdict.failed))
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
