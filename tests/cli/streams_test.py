"""Exit codes, what goes to which stream, interruption, whole files or none."""

import collections
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios
import time

from harness import FLAGSHIP, TUTORIAL, WAYOUT, CliTest, TWO, big_case, environment, main, start, wayout

RIVER = TUTORIAL / "river.toml"
ESCAPE = "\x1b"
BROKEN = TWO.replace('["y"]', '["why"]')
CHART = set("█·▏▎▍▌▋▊▉|.+-oNKSEU")


def words(text):
    """All but what charts are drawn with, and what was cut."""
    return [w for w in (word.strip("*") for word in text.split()) if w and not set(w) <= CHART and not w.endswith("…")]


class ExitCodes(CliTest):
    def test_done(self):
        for args in (["answer", RIVER], [RIVER], ["check", RIVER], ["stability", RIVER], ["paths", RIVER, "--drift"],
                     ["explain", RIVER, "--party", "up"], ["convert", RIVER, self.folder / "o.toml"], ["schema"],
                     ["--version"], ["--help"], ["stability", "--help"]):
            self.run_ok(*args)

    def test_wrong_usage_is_told_with_what_may_be_meant(self):
        for args, message, hint in (([], "a case or a command", "wayout CASE"), (["stabilty", RIVER], "'stabilty'", "'stability'"),
                                    (["stabilty"], "'stabilty'", "'stability'"), (["stability"], "CASE is required", "wayout stability --help"),
                                    ([RIVER, "--wiht", "commission"], "'--wiht' is no setting of answer", "'--with'"),
                                    (["risk", RIVER, "--byy=3"], "'--byy' is no setting of risk", "wayout risk --help|'--by'"),
                                    ([RIVER, "more"], "'more' is one word too many", "wayout answer --help"),
                                    (["paths", RIVER, "--to", "shaerd"], "shaerd", "'shared'")):
            done = wayout(*args)
            self.assertEqual(done.rc, 2, str(done))
            self.assertRegex(done.err, f"^wayout: .*{message}", args)
            self.assertRegex(done.err, f"hint: .*({hint})", args)

    def test_faults(self):
        broken = self.case(BROKEN)
        for args in (["answer"], ["check"], ["stability"], ["paths", "--drift"], ["explain", "--party", "a"],
                     ["convert", self.folder / "o.toml"]):
            done = wayout(args[0], broken, *args[1:])
            self.assertEqual(done.rc, 1, str(done))
        self.assertFalse((self.folder / "o.toml").exists())

    def test_wrong_usage(self):
        graph = TUTORIAL / "graph_form.toml"
        for args in ([], ["--no-such-flag"], ["stability"], ["stability", RIVER, "--limit", "many"],
                     ["stability", RIVER, "--concepts", "nush"], ["stability", RIVER, "--profile", "up"],
                     ["stability", RIVER, "--profile", "nobody=seq"], ["stability", RIVER, "--state", "0"],
                     ["stability", RIVER, "--state", "33"], ["stability", RIVER, "--state", "release=maybe"],
                     ["stability", RIVER, "--state", "quota=true"], ["stability", RIVER, "--state", "release and pump"],
                     ["stability", RIVER, "--state", "release and"], ["stability", RIVER, "--sanctions", "twice"],
                     ["stability", RIVER, "--engine", "steam"], ["stability", graph, "--concepts", "sim"],
                     ["stability", graph, "--state", "9"], ["explain", RIVER], ["explain", RIVER, "--party", "uq"],
                     ["explain", RIVER, "--party", "up", "--concept", "sec"], ["explain", graph, "--party", "car", "--concept", "sim"],
                     ["paths", RIVER], ["paths", RIVER, "--to", "quotas"], ["paths", RIVER, "--to", "quota", "--avoid", "("],
                     ["paths", RIVER, "--drift", "--without", "up,down"], ["paths", RIVER, "--drift", "--without", "x"],
                     ["paths", RIVER, "--to", "quota", "--moves", "sideways"], ["paths", RIVER, "--drift", "--max-options", "0"],
                     ["answer", RIVER, "--goal", "nothing"], ["trust", RIVER, "--goal", "nothing"], ["trust", RIVER, "--samples", "0"],
                     ["answer", RIVER, "--time-limit", "-1"],
                     ["convert", RIVER], ["convert", RIVER, "x.doc"], ["convert", RIVER, "-"]):
            done = wayout(*args)
            self.assertEqual(done.rc, 2, str(done))
            self.assertEqual(done.out, "", str(done))
            self.assertNotEqual(done.err, "", str(done))

    def test_a_slip_gets_a_hint(self):
        self.assertIn("did you mean 'up'", wayout("explain", RIVER, "--party", "uq").err)
        self.assertIn("did you mean 'shared'", wayout("answer", RIVER, "--goal", "sharet").err)
        self.assertIn("did you mean 'quota'", wayout("paths", RIVER, "--to", "quotta").err)
        self.assertIn("did you mean 'release'", wayout("stability", RIVER, "--state", "relese=true").err)
        done = wayout("stability", RIVER, "--with", "comission")
        self.assertEqual(done.rc, 1)
        self.assertIn("did you mean 'commission'", done.err)
        # An infeasible state says which rule it breaks; a broken condition shows where.
        self.assertIn("the rule: never: summer quota agreed and not: water released", wayout("stability", RIVER, "--state", "quota=true,pump=false").err)
        lines = wayout("paths", RIVER, "--to", "quota and relese").err.splitlines()
        caret = next(i for i, line in enumerate(lines) if line.strip() == "^")
        self.assertEqual(lines[caret].index("^"), lines[caret - 1].index("relese"))

    def test_stopped_at_a_limit_says_so(self):
        big = self.case(big_case(26))
        done = wayout("answer", big, "--time-limit", "0.3")
        self.assertEqual(done.rc, 3, str(done))
        self.assertIn("limit", done.out)
        self.assertIn("all", done.out)
        done = wayout("paths", big, "--to", "false", "--max-states", "1000")
        self.assertEqual(done.rc, 3, str(done))
        self.assertIn("Undecided at the limit", done.out)
        done = wayout("paths", big, "--drift", "--max-states", "1000")
        self.assertEqual(done.rc, 3, str(done))
        self.assertIn("limit", done.out)
        done = wayout("stability", big, "--max-states", "1000")
        self.assertEqual(done.rc, 3, str(done))
        self.assertIn("--max-states", done.err)
        self.assertIn("wayout explain", done.err)      # which command answers
        self.assertIn("stable for", done.out)          # what could be said: today
        for args in (["answer", big, "--time-limit", "0.3"], ["paths", big, "--to", "false", "--max-states", "1000"],
                     ["paths", big, "--drift", "--max-states", "1000"], ["stability", big, "--max-states", "1000"]):
            self.assertEqual(self.json(*args, rc=3)["end"], "limit", args)

    def test_the_flagship_is_too_large_to_list(self):
        out = self.stability(FLAGSHIP, "--max-states", "100000", rc=3)
        self.assertIsNone(out["states"])
        self.assertEqual(len(out["table"]), 1)
        self.assertIsNone(out["table"][0]["state"])
        self.assertEqual(out["concepts"], ["nash", "gmr", "smr", "seq", "sseq"])


class Interrupted(CliTest):
    def interrupt(self, *args, after=0.4):
        process = start(*args)
        time.sleep(after)
        self.assertIsNone(process.poll(), f"{args} ended before it was interrupted")
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(process.returncode, 130, out[-2000:] + err)
        self.assertIn("interrupted", err)
        return out

    def test_answer(self):
        big = self.case(big_case(30))
        self.assertIn("Where it stands", self.interrupt("answer", big))
        out = json.loads(self.interrupt("answer", big, "--json"))
        self.assertEqual(out["end"], "interrupted")
        self.assertEqual(out["goals"][0]["verdict"], "undecided")
        parties = out["standing"]["parties"]
        self.assertEqual([p["nash"]["stable"] for p in parties], [False] * 3)      # known at once
        self.assertNotEqual(out["standing"]["drift"]["end"], "complete")           # what was not finished says so

    def test_stability(self):
        big = self.case(big_case(26))
        out = json.loads(self.interrupt("stability", big, "--json", "--max-states", "100000000"))
        self.assertEqual((out["end"], out["states"], out["table"]), ("interrupted", None, []))

    def test_paths(self):
        big = self.case(big_case(30))
        self.assertIn("interrupted", self.interrupt("paths", big, "--to", "false", "--moves", "any"))
        self.assertIn("interrupted", self.interrupt("paths", big, "--drift"))
        self.assertEqual(json.loads(self.interrupt("paths", big, "--drift", "--json"))["end"], "interrupted")

    def test_judging_keeps_what_is_done(self):
        out = json.loads(self.interrupt("stability", self.case(big_case(26)), "--json", "--limit", "3", "--max-states", "100000000", after=1.0))
        self.assertEqual(out["end"], "interrupted")
        if out["states"] is not None:      # the space was listed: what was not judged is not called unstable
            self.assertTrue(all(row["undecided"] for row in out["table"]))


class Streams(CliTest):
    def test_results_and_diagnostics(self):
        for args in (["answer", RIVER], ["stability", RIVER], ["paths", RIVER, "--drift"], ["check", RIVER],
                     ["explain", RIVER, "--party", "up"], ["convert", RIVER, "-", "--format", "toml"], ["schema"]):
            done = self.run_ok(*args)
            self.assertNotEqual(done.out, "", args)
            self.assertEqual(done.err, "", args)      # no progress where nobody watches
        broken = self.case(TWO + "[[goal]]\nid = 'g'\nwhen = 'nothing'\n")
        for args in (["answer", broken], ["stability", broken], ["paths", broken, "--drift"]):
            done = wayout(*args)
            self.assertEqual(done.out, "", str(done))
            self.assertIn("nothing", done.err)

    def test_the_findings_of_check_are_its_result(self):
        for text in (TWO + "[[goal]]\nid = 'g'\nwhen = 'nothing'\n", TWO + "[[goal]]\nid = 'g'\nwen = 'x'\n", "format = "):
            done = wayout("check", self.case(text))
            self.assertEqual(done.rc, 1)
            self.assertIn("case.toml:", done.out, str(done))
            self.assertEqual(done.err, "")

    def test_json_everywhere(self):
        for args in (["answer", RIVER], [RIVER], ["check", RIVER], ["stability", RIVER], ["paths", RIVER, "--drift"],
                     ["paths", RIVER, "--to", "quota"], ["explain", RIVER, "--party", "up"]):
            out = self.json(*args)
            self.assertRegex(out["schema"], r"^wayout\.[a-z]+/1$")
        self.assertIn("properties", json.loads(self.run_ok("schema").out))
        for text in ("format = ", BROKEN, "\x01"):
            broken = self.case(text)
            for args in (["answer", broken], ["check", broken], ["stability", broken], ["paths", broken, "--drift"],
                         ["explain", broken, "--party", "a"], ["convert", broken, "-", "--format", "toml"]):
                out = self.json(*args, rc=1)
                self.assertFalse(out["ok"])
                self.assertEqual(out["faults"][0]["severity"], "fault")
                self.assertEqual(out["faults"][0]["file"], str(broken))
                self.assertGreater(out["faults"][0]["line"], 0)
        out = self.json("answer", self.folder / "no.toml", rc=1)
        self.assertIsNone(out["faults"][0]["line"])

    def test_colour(self):
        self.assertNotIn(ESCAPE, self.run_ok("answer", RIVER).out)
        self.assertIn(ESCAPE, self.run_ok("answer", RIVER, "--colour", "always").out)
        self.assertIn(ESCAPE, self.run_ok("stability", RIVER, "--color", "always").out)
        self.assertNotIn(ESCAPE, self.run_ok("answer", RIVER, "--json", "--colour", "always").out)
        self.assertEqual(wayout("answer", RIVER, "--colour", "sometimes").rc, 2)

    def on_terminal(self, *args, columns=None, **env):
        """Both streams on a terminal; returns what it showed."""
        try:
            leader, follower = pty.openpty()
        except OSError as problem:
            self.skipTest(f"no terminal is to be had here: {problem}")
        if columns is not None:
            fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen([WAYOUT, *map(str, args)], stdout=follower, stderr=follower, stdin=subprocess.DEVNULL,
                                   env=environment(TERM="xterm", **env))
        os.close(follower)
        shown = b""
        self.addCleanup(process.kill)
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        os.close(leader)
        process.wait()
        return shown.decode("utf-8", "replace")

    def test_a_terminal(self):
        self.assertIn(ESCAPE, self.on_terminal("answer", RIVER))
        self.assertNotIn(ESCAPE, self.on_terminal("answer", RIVER, NO_COLOR="1"))
        self.assertIn(ESCAPE, self.on_terminal("answer", RIVER, NO_COLOR=""))
        self.assertNotIn(ESCAPE, self.on_terminal("answer", RIVER, "--colour", "never"))
        big = self.case(big_case(30))
        shown = self.on_terminal("answer", big, "--time-limit", "1.5", NO_COLOR="1")
        self.assertIn("\r", shown.replace("\r\n", "\n"), "no progress on a terminal")
        quiet = self.on_terminal("answer", big, "--time-limit", "1.5", "--quiet", NO_COLOR="1")
        self.assertNotIn("\r", quiet.replace("\r\n", "\n"))

    def test_narrow_terminals(self):
        """Nothing is wider than the terminal, and nothing that a wide one shows is left out."""
        every_key = TUTORIAL / "every_key.toml"
        asked = []
        for case in (RIVER, every_key):
            asked += [[case]]
            asked += [[command, case] for command in ("stability", "room", "change", "claims")]
            asked += [["trust", case, "--samples", "20"], ["paths", case, "--drift"]]
        asked += [["risk", RIVER, "--derivatives", "--below", "0.05"], ["compare", RIVER, "--with", "commission"],
                  ["trust", RIVER, "--samples", "20", "--hinges"], ["room", RIVER, "--linkage"],
                  ["trust", RIVER, "--of", "risk", "--samples", "20", "--hinges"], ["stability", TUTORIAL / "strike.toml", "--describe"],
                  ["explain", RIVER, "--party", "up"], ["paths", FLAGSHIP, "--drift"], ["room", FLAGSHIP],
                  ["compare", FLAGSHIP, "--with", "split_arms"], ["trust", FLAGSHIP, "--samples", "10"]]
        for args in asked:
            wide = wayout(*args).out
            for columns in (60, 40):
                done = wayout(*args, env={"COLUMNS": str(columns)})
                self.assertLessEqual(max(map(len, done.out.splitlines())), columns, str(done))
                lost = collections.Counter(words(wide)) - collections.Counter(words(done.out))
                self.assertEqual(lost, collections.Counter(), f"{columns} columns: {done}")

    def test_the_width_of_a_terminal(self):
        shown = self.on_terminal("stability", TUTORIAL / "every_key.toml", columns=60, NO_COLOR="1").splitlines()
        self.assertEqual(shown, wayout("stability", TUTORIAL / "every_key.toml", env={"COLUMNS": "60"}).out.splitlines())
        for columns in ("", "0", "wide", "-3"):
            self.assertEqual(wayout("stability", RIVER, env={"COLUMNS": columns}).out, wayout("stability", RIVER).out)

    def test_a_closed_pipe_is_no_news(self):
        for args in (["stability", TUTORIAL / "every_key.toml", "--all-states"], ["schema"], ["answer", RIVER, "--json"],
                     ["check", TUTORIAL / "every_key.toml"]):
            out = subprocess.run(["bash", "-c", 'set -o pipefail; "$@" | head -1 >/dev/null; echo "${PIPESTATUS[0]}"', "_", WAYOUT, *map(str, args)],
                                 capture_output=True, text=True, env=environment(), timeout=30)
            self.assertEqual(out.stderr, "", args)
            self.assertEqual(out.stdout.strip(), "0", args)

    def test_a_full_disk_is(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full here")
        with open("/dev/full", "w") as full:
            done = wayout("answer", RIVER, stdout=full)
        self.assertEqual(done.rc, 1)
        self.assertIn("cannot write", done.err)


class WholeFiles(CliTest):
    def test_a_file_is_written_whole_or_not_at_all(self):
        out = self.folder / "out.toml"
        self.run_ok("convert", RIVER, out)
        before = out.read_bytes()
        broken = self.case(BROKEN, "broken.toml")
        self.assertEqual(wayout("convert", broken, out).rc, 1)
        self.assertEqual(wayout("convert", RIVER, out, "--with", "nothing").rc, 1)
        self.assertEqual(out.read_bytes(), before)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["broken.toml", "out.toml"])

    def test_where_it_cannot_write(self):
        self.assertEqual(wayout("convert", RIVER, self.folder / "no/such/folder/out.toml").rc, 1)
        (self.folder / "taken.toml").mkdir()
        done = wayout("convert", RIVER, self.folder / "taken.toml")
        self.assertEqual(done.rc, 1)
        self.assertIn("cannot write", done.err)
        self.assertEqual([p.name for p in self.folder.iterdir()], ["taken.toml"])   # and no half file beside it
        if os.geteuid() == 0:
            return
        shut = self.folder / "shut"
        shut.mkdir()
        old = shut / "out.toml"
        old.write_text("old")
        shut.chmod(0o555)
        self.addCleanup(shut.chmod, 0o755)
        self.assertEqual(wayout("convert", RIVER, old).rc, 1)
        self.assertEqual(old.read_text(), "old")

    def test_quiet_and_remarks(self):
        done = self.run_ok("convert", RIVER, self.folder / "a.toml")
        self.assertIn("wrote", done.err)
        self.assertEqual(done.out, "")
        self.assertEqual(self.run_ok("convert", RIVER, self.folder / "a.toml", "--quiet").err, "")


if __name__ == "__main__":
    main()
