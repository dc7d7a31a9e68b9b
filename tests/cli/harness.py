"""What the end-to-end tests share: running the program, and small cases written on the spot.

Each theme is a script of its own: python3 THEME_test.py WAYOUT SOURCE_DIR [unittest arguments]."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

if len(sys.argv) < 3:
    sys.exit(f"usage: {sys.argv[0]} WAYOUT SOURCE_DIR [TEST…]")
WAYOUT = str(Path(sys.argv.pop(1)).resolve())
ROOT = Path(sys.argv.pop(1)).resolve()
TUTORIAL = ROOT / "cases/tutorial"
FLAGSHIP = ROOT / "cases/flagship/russia_nato_2022.toml"
CATALOG = sorted((ROOT / "catalog").glob("*/case.toml"))
CONCEPTS = ["nash", "gmr", "smr", "seq", "sseq", "sim"]


def environment(**more):
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS")}
    return {**env, "LC_ALL": "C.UTF-8", **more}


def start(*args, env=None, **kwargs):
    return subprocess.Popen([WAYOUT, *map(str, args)], env=environment(**(env or {})), stdin=subprocess.DEVNULL,
                            stdout=kwargs.pop("stdout", subprocess.PIPE), stderr=kwargs.pop("stderr", subprocess.PIPE),
                            text=True, encoding="utf-8", **kwargs)


class Done:
    def __init__(self, args, rc, out, err):
        self.args, self.rc, self.out, self.err = args, rc, out, err

    def __str__(self):
        return f"wayout {' '.join(map(str, self.args))}\nexit {self.rc}\n{self.out[-3000:]}\n{self.err[-3000:]}"


def wayout(*args, timeout=60, **kwargs):
    process = start(*args, **kwargs)
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"still running after {timeout} s: wayout {' '.join(map(str, args))}\n{err[-2000:]}") from None
    return Done(args, process.returncode, out or "", err or "")


class CliTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def case(self, text, name="case.toml"):
        """A file with this case; the first line `format = 1` is added."""
        path = self.folder / name
        path.write_text(text if "format =" in text else "format = 1\n" + text, encoding="utf-8")
        return path

    def run_ok(self, *args, **kwargs):
        done = wayout(*args, **kwargs)
        self.assertEqual(done.rc, 0, str(done))
        return done

    def json(self, *args, rc=0, **kwargs):
        done = wayout(*args, "--json", **kwargs)
        self.assertEqual(done.rc, rc, str(done))
        return json.loads(done.out)

    # --- asking
    def stability(self, case, *args, **kwargs):
        return self.json("stability", case, *args, **kwargs)

    def table(self, case, *args, **kwargs):
        """values → row, of every feasible state."""
        return {tuple(r["values"]): r for r in self.stability(case, "--all-states", *args, **kwargs)["table"]}

    def check(self, case, *args, rc=0):
        return self.json("check", case, *args, rc=rc)["faults"]


# Two parties, one option each.
PARTIES = """
[[party]]
id = "a"
[[party]]
id = "b"
[[option]]
id = "x"
party = "a"
[[option]]
id = "y"
party = "b"
"""

# Both want their own: what most of the small cases start from.
TWO = PARTIES + """
[[preference]]
party = "a"
statements = ["x"]
[[preference]]
party = "b"
statements = ["y"]
"""

# a has to open the gate for b to pass, and would rather have it shut again.
GATE = """
[[party]]
id = "a"
[[party]]
id = "b"
[[option]]
id = "gate"
party = "a"
[[option]]
id = "passed"
party = "b"
moves = "up"
[[preference]]
party = "a"
statements = ["passed", "not gate if passed", "gate"]
[[preference]]
party = "b"
statements = ["passed"]
[[rule]]
id = "shut"
forbid = { from = "not gate", to = "passed" }
"""

# Arming costs b something, and it acts once in a unit of time.
ARMING = """
[[party]]
id = "b"
[[option]]
id = "arm"
party = "b"
[[preference]]
party = "b"
method = "weights"
statements = [{ id = "cost", when = "arm", weight = -1 }]
[[tempo]]
party = "b"
moves_per_unit = 1
rationality = 1
[[catastrophe]]
id = "war"
"""


def big_case(options=22):
    """More states than anybody waits for: every statement pulls another way."""
    out = ["format = 1"]
    parties = ["a", "b", "c"]
    out += [f'[[party]]\nid = "{p}"' for p in parties]
    for i in range(options):
        out.append(f'[[option]]\nid = "o{i}"\nparty = "{parties[i % 3]}"')
    for k, p in enumerate(parties):
        terms = [f'{{ when = "o{i} iff not o{(i * 7 + k + 1) % options}", weight = {1 + (i * 5 + k * 3) % 9} }}'
                 for i in range(options)]
        out.append(f'[[preference]]\nparty = "{p}"\nmethod = "weights"\nstatements = [{", ".join(terms)}]')
    out.append('[[goal]]\nid = "all"\nwhen = "' + " and ".join(f"o{i}" for i in range(options)) + '"')
    return "\n".join(out) + "\n"


def main():
    unittest.main(argv=sys.argv)
