#!/usr/bin/env python3
"""wayout-mpi with 1, 2, 3 and 4 ranks on this machine: mpi_test.py MPIEXEC WAYOUT-MPI WAYOUT REPOSITORY RANDOM-RANKS

The full space over ranks against `wayout stability`, the ensemble against `wayout trust`, the same bytes at any
number of ranks, and a run that is killed (signal 9) again and again against one that is left alone."""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

MPIEXEC, MPI, WAYOUT, ROOT, RANDOM = sys.argv[1:6]
TUTORIAL = Path(ROOT) / "cases/tutorial"
ENV = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
       "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_hwloc_base_binding_policy": "none",
       "OMPI_MCA_mpi_yield_when_idle": "1"}
CONCEPTS = ["nash", "gmr", "smr", "seq", "sseq"]
RANKS = (1, 2, 3, 4)


def launch(ranks: int, *args, program: str = MPI) -> subprocess.Popen:
    return subprocess.Popen([MPIEXEC, "-n", str(ranks), program, *map(str, args)], env=ENV, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(ranks: int, *args) -> tuple:
    process = launch(ranks, *args)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def descendants(pid: int) -> list:
    """The processes that this one started, and those that they started."""
    children = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found = list(children.get(pid, []))
    for child in found:
        found.extend(children.get(child, []))
    return found


def wayout(*args) -> str:
    return subprocess.run([WAYOUT, *map(str, args)], check=True, text=True, stdout=subprocess.PIPE).stdout


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.at = Path(self.folder.name)

    def generate(self, seed: int, **settings) -> Path:
        path = self.at / f"case{seed}.toml"
        flags = [x for k, v in settings.items() for x in ("--" + k.replace("_", "-"), v)]
        wayout("generate", "--seed", seed, "-o", path, "--quiet", *flags)
        return path


class FullSpace(Case):
    def compare(self, path: Path, *settings) -> None:
        known = json.loads(wayout("stability", path, *settings, "--json", "--concepts", ",".join(CONCEPTS), "--limit", "1"))
        for ranks in RANKS:
            code, out, err = run(ranks, "stability", path, *settings)
            self.assertEqual(code, 0, err)
            self.assertEqual(int(out.split()[0]), known["states"])
            rows = {line.split("  ")[0]: [int(n) for n in line.split()[-5:]] for line in out.splitlines()[2:]}
            self.assertEqual(rows.pop("all (equilibria)"), [known["equilibria_total"][c] for c in CONCEPTS],
                             f"{path} {ranks}")
            for party, counts in rows.items():
                self.assertEqual(counts, [known["stable_total"][c][party] for c in CONCEPTS], f"{path} {ranks}")
            self.assertEqual(len(rows), len(known["parties"]))

    def test_random_spaces_agree_with_the_engine_of_one_machine(self):
        self.compare(self.generate(1, parties=3, options=7, statements=6))
        self.compare(self.generate(2, parties=4, options=8, density=0.5, statements=5))
        self.compare(self.generate(3, parties=2, options=6, graded=0.6, density=0.7, preference="priorities"))
        self.compare(self.generate(4, parties=3, options=5, graded=1, third=0.3, preference="additive"))
        self.compare(self.generate(5, parties=2, options=2))  # fewer states than slabs wanted

    def test_one_way_options_agreements_and_tables_too(self):
        self.compare(self.generate(11, parties=3, options=7, one_way=0.8, graded=0.4, statements=5))
        self.compare(self.generate(12, parties=3, options=7, joint=0.5, binding=0.3, density=0.6, statements=5))
        self.compare(self.generate(13, parties=4, options=7, joint=0.4, binding=0.5, tracks=2, one_way=0.3, density=0.7))
        self.compare(self.generate(14, parties=3, options=5, joint=0.6, binding=0, tracks=3, graded=0.6, preference="mixed"))
        self.compare(self.table_by_a_link("none-worse"))
        self.compare(self.table_by_a_link("all-better"))
        for measures in ((), ("--with", "round_table"), ("--with", "round_table,in_law")):
            self.compare(TUTORIAL / "strike.toml", *measures)

    def table_by_a_link(self, consent: str) -> Path:
        """Two tables with members' own options, one of them by a condition on states."""
        path = self.at / f"{consent}.toml"
        path.write_text(f"""format = 1
[[party]]
id = "p"
[[party]]
id = "q"
[[party]]
id = "r"
[[option]]
id = "a"
party = "p"
levels = ["none", "some", "all"]
moves = "up"
[[option]]
id = "b"
party = "q"
now = true
[[option]]
id = "c"
party = "r"
moves = "down"
now = true
[[option]]
id = "d"
parties = ["p", "q"]
levels = ["none", "some", "all"]
binding = false
[[option]]
id = "e"
parties = ["p", "q", "r"]
[[rule]]
never = "d == all and not b"
[[preference]]
party = "p"
method = "weights"
statements = [{{ when = "d", weight = 2 }}, {{ when = "a", weight = -1 }}, {{ when = "b", weight = -1 }}, {{ when = "e", weight = 1 }}]
[[preference]]
party = "q"
statements = ["a or e", "c -> d == some", "not b"]
[[preference]]
party = "r"
method = "additive"
values = [{{ option = "a", levels = [0, 2, 1] }}, {{ option = "c", levels = [0, 1] }}, {{ option = "e", levels = [0, 1] }}]
[[track]]
id = "t"
parties = ["p", "q"]
table = ["d", "a", "b"]
linked = "d or not a"
consent = "{consent}"
[[track]]
id = "u"
parties = ["p", "q", "r"]
table = ["e", "c", "d"]
linked = true
consent = "{consent}"
""")
        return path

    def test_forbid_rules_graph_form_and_unanimous_preferences_on_random_conflicts(self):
        for ranks in RANKS:
            process = launch(ranks, 0, 20, 60, 80, 130, 145, program=RANDOM)
            out, err = process.communicate(timeout=240)
            self.assertEqual(process.returncode, 0, out + err)

    def test_and_from_files(self):
        self.compare(TUTORIAL / "graph_form.toml")
        self.compare(self.generate(7, parties=3, options=6, graded=0.5, forbids=6))
        unanimous = self.at / "unanimous.toml"
        unanimous.write_text('format = 1\n[[party]]\nid = "p"\n[[option]]\nid = "a"\nparty = "p"\n'
                             '[[preference]]\nparty = "p"\nmethod = "unanimous"\n'
                             'members = [{ statements = ["a"] }, { statements = ["not a"] }]\n')
        self.compare(unanimous)

    def test_what_is_not_supported_is_refused_on_every_rank(self):
        many = self.generate(9, parties=2, options=8, statements=125, preference="priorities")
        code, out, err = run(2, "stability", many)
        self.assertEqual((code, out), (2, ""))
        self.assertIn("124 statements", err)


class Ensemble(Case):
    def test_the_same_bytes_at_any_number_of_ranks(self):
        text = wayout("trust", TUTORIAL / "every_key.toml", "--samples", 333, "--seed", 7)
        files = set()
        for ranks in RANKS:
            path = self.at / f"{ranks}.txt"
            code, out, err = run(ranks, "trust", TUTORIAL / "every_key.toml", "--samples", 333, "--seed", 7,
                                 "--block", 5, "-o", path)
            self.assertEqual((code, out), (0, text), err)
            files.add(path.read_bytes())
            self.assertFalse(Path(str(path) + ".part").exists())
        self.assertEqual(len(files), 1)
        # Once more: nothing is left to do, and the answer is the same.
        code, out, _ = run(2, "trust", TUTORIAL / "every_key.toml", "--samples", 333, "--seed", 7, "--block", 5,
                           "-o", self.at / "1.txt")
        self.assertEqual((code, out), (0, text))
        code, _, err = run(2, "trust", TUTORIAL / "every_key.toml", "--samples", 334, "-o", self.at / "1.txt")
        self.assertEqual(code, 1)
        self.assertIn("another run", err)

    def test_a_run_killed_again_and_again_ends_with_the_same_bytes(self):
        case = self.generate(8, parties=3, options=9, statements=6)
        case.write_text(case.read_text() + "\n[trust]\nspread = 0.5\n"
                        '[[goal]]\nid = "g"\nwhen = "true"\nhold = "seq"\n')
        settings = ["trust", case, "--samples", 4800, "--block", 4]
        whole, killed = self.at / "whole.txt", self.at / "killed.txt"
        code, text, err = run(2, *settings, "-o", whole)
        self.assertEqual(code, 0, err)
        part = Path(str(killed) + ".part")
        done, kills = 0, 0
        for ranks in (2, 3, 1, 4, 2, 3):
            process = launch(ranks, *settings, "-o", killed)
            wanted = done + 20
            while process.poll() is None and not (part.exists() and part.read_bytes().count(b"\n") - 1 >= wanted):
                time.sleep(0.002)
            # The ranks and the launcher, at once and without a word.
            for pid in [process.pid, *descendants(process.pid)]:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            process.communicate()
            if killed.exists():
                break
            kills += 1
            now = part.read_bytes().count(b"\n") - 1
            self.assertGreaterEqual(now, done)  # nothing finished is lost
            done = now
        self.assertGreater(kills, 0)
        left = part.exists()
        if left:  # as a kill in the middle of a write leaves it
            with part.open("ab") as file:
                file.write(b"block 1 01")
        code, out, err = run(2, *settings, "-o", killed)
        self.assertEqual((code, out), (0, text), err)
        if left:  # the last run was killed too
            self.assertRegex(err, r"\d+ of 1200 blocks were finished before")
            self.assertGreaterEqual(int(re.search(r"(\d+) of 1200", err).group(1)), done)
        self.assertEqual(killed.read_bytes(), whole.read_bytes())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
