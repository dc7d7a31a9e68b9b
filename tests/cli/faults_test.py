"""Bad input: a clear, located message, exit 1, no crash, quick. And the warnings of check."""

import time

from harness import CATALOG, FLAGSHIP, ROOT, TUTORIAL, CliTest, TWO, main, wayout

JOINT = TWO + """
[[option]]
id = "deal"
parties = ["a", "b"]
"""


class Faults(CliTest):
    def faults(self, text, name="case.toml", unless_chosen=False):
        """The faults of a case given as text or bytes: each located, none slow, nothing crashed.
        `unless_chosen`: they lie in a measure or variant, and the case works without it."""
        path = self.folder / name
        if isinstance(text, str):
            self.case(text, name)
        else:
            path.write_bytes(text)
        began = time.monotonic()
        found = self.check(path, rc=1)
        self.assertLess(time.monotonic() - began, 10)
        for f in found:
            self.assertEqual(f["file"], str(path))
            self.assertNotEqual(f["message"], "")
        if unless_chosen:
            return found
        # The other commands refuse it in the same words.
        done = wayout("stability", path)
        self.assertEqual(done.rc, 1, str(done))
        self.assertEqual(done.out, "")
        return found

    def one(self, text, message, at=None, hint=None, **kwargs):
        """The text has this one fault; `at`, where given, is what the place begins with."""
        found = self.faults(text, **kwargs)
        self.assertEqual(len(found), 1, found)
        fault = found[0]
        self.assertRegex(fault["message"], message)
        if hint:
            self.assertRegex(fault["hint"], hint)
        if at is not None:
            lines = (self.folder / kwargs.get("name", "case.toml")).read_text(encoding="utf-8").splitlines()
            there = lines[fault["line"] - 1][fault["column"] - 1:]
            self.assertTrue(there.startswith(at), f"{fault} points at {there!r}")
        else:
            self.assertIsNotNone(fault["line"], fault)
        return fault

    # --- states
    def test_an_infeasible_status_quo(self):
        self.one(TWO + '[[rule]]\nid = "r"\nnever = "not x and not y"\n', "status quo.*infeasible|infeasible.*status quo")
        self.one(TWO.replace('id = "x"', 'id = "x"\nenabled = false\nnow = true'), "enabled|disabled")

    def test_an_empty_feasible_set(self):
        found = self.faults(TWO + '[[rule]]\nid = "r"\nnever = "true"\n')
        self.assertTrue(any("feasible" in f["message"] for f in found), found)
        found = self.faults(TWO.replace("[[party]]", "no_status_quo = true\n[[party]]", 1) + '[[rule]]\nnever = "x or not x"\n')
        self.assertTrue(any("feasible" in f["message"] for f in found), found)

    # --- parts that are missing
    def test_missing_parts(self):
        self.one(TWO + '[[party]]\nid = "c"\n[[option]]\nid = "z"\nparty = "c"\n', "'c' has no preference")
        self.run_ok("check", self.case(TWO + '[[party]]\nid = "c"\nthird = true\n[[option]]\nid = "z"\nparty = "c"\n'))
        self.one(TWO + '[[option]]\nid = "z"\n', "no party owns 'z'")
        self.assertTrue(self.faults("title = 'nothing'\n"))
        found = self.faults("format = 2\n" + TWO)
        self.assertIn("format", found[0]["message"])

    def test_slips_of_the_pen(self):
        """What TOML does not read, with what was probably meant."""
        for wrong, right, hint in (("[[party]", "[[party]]", "heading"), ('id = "a', 'id = "a"', "same line"),
                                   ('statements = ["x"\n[', 'statements = ["x"]\n[', r"ends with \]"),
                                   ('moves = up', 'moves = "up"', "quotes")):
            text = TWO.replace('id = "x"', 'id = "x"\nmoves = "up"')
            self.one(text.replace(right, wrong, 1), "no TOML", None, hint)
        self.one(TWO + '[time]\nhorizon = 2,5\n', "no TOML", ",5", "2.5")
        self.one("a case about a river\n", "no TOML", None, r"\[\[party\]\]")
        self.assertIn("format = 1", self.faults(b"", name="empty.toml")[0]["hint"])

    def test_unknown_names(self):
        self.one(TWO.replace('id = "y"', 'id = "yellow"').replace('["y"]', '["yelow"]'), "'yelow'", "yelow", "did you mean 'yellow'")
        self.one(TWO + '[[goal]]\nid = "g"\nwhen = "x and z1"\n', "'z1'", "z1")
        self.one(TWO + '[[goal]]\nid = "g"\nwen = "x"\nwhen = "x"\n', "'wen' is no key of a goal", "wen", "did you mean 'when'")
        self.one(TWO + '[[measure]]\nid = "m"\neffects = [{ open = "nowhere" }]\n', "'nowhere' is no track", '"nowhere"')
        self.one(TWO + '[[measure]]\nid = "m"\neffects = [{ opn = "nowhere" }]\n', "no effect")
        self.one(TWO + '[[gaol]]\nid = "g"\n', "'gaol' is no key of a case", None, "did you mean 'goal'")
        self.one(TWO + '[[variant]]\nid = "hawks"\n[[rule]]\nid = "r"\nnever = "x and y"\nonly = "hawk"\n',
                 "'hawk' is no variant", None, "did you mean 'hawks'")

    def test_types_ids_levels(self):
        self.one(TWO.replace('id = "x"', 'id = "x"\nlevels = ["no", "half"]\nnow = "full"'), "level", None, "no and half|half")
        self.one(TWO.replace('id = "x"', 'id = "x"\nlevels = ["no", "half"]').replace('["x"]', '["x == full"]'), "full", "full")
        self.one(TWO.replace('["y"]', '"y"').replace('statements = "y"', 'statements = 7'), "statements", "7")
        self.one(TWO + '[[goal]]\nid = "g"\nwhen = 3\n', "when", "3")
        found = self.faults(TWO.replace('id = "b"', 'id = "a"', 1))
        self.assertTrue(any("'a'" in f["message"] and "id" in f["message"] for f in found), found)

    def test_expressions(self):
        for text, at in (("x and", ""), ("x and (y", ""), ("x y", "y"), ("x & & y", "& y"), ("x ? y", "? y"),
                         ("x == half", "half"), ("count(x, y)", ""), ("not", ""), ("x and nobody or y", "nobody"),
                         ("count(x, nobody) >= 1", "nobody"), ("x <=", "")):
            found = self.faults(TWO + f'[[goal]]\nid = "g"\nwhen = "{text}"\n')
            self.assertEqual(len(found), 1, (text, found))
            line = (self.folder / "case.toml").read_text().splitlines()[found[0]["line"] - 1]
            self.assertTrue(line.startswith("when"), (text, found))
            if at:
                self.assertEqual(line[found[0]["column"] - 1:], at + '"' if text.endswith(at) else line[line.index(at):], (text, found))

    def test_the_caret_counts_letters_not_bytes(self):
        path = self.case(TWO + '[[goal]]\nid = "g"\nwhen = "nope"   # é\n[[goal]]\nid = "h"\nname = "Größe"\n')
        out = wayout("check", path).out.splitlines()
        i = next(i for i, line in enumerate(out) if "nope" in line and "|" in line)
        self.assertEqual(out[i + 1].index("^"), out[i].index("nope"))
        path = self.case(TWO + '[[goal]]\nid = "g"\nname = "x"\n"because" = "Größe"\nwhen = "x and nope"\n')
        out = wayout("check", path).out.splitlines()
        i = next(i for i, line in enumerate(out) if "nope" in line and "|" in line)
        self.assertEqual(out[i + 1].index("^"), out[i].index("nope"))

    def test_tables(self):
        third = JOINT + '[[party]]\nid = "c"\n[[option]]\nid = "z"\nparty = "c"\n[[preference]]\nparty = "c"\nstatements = ["z"]\n'
        track = '[[track]]\nid = "t"\nparties = ["{}", "{}"]\ntable = ["{}"]\n'
        found = self.faults(third + track.format("a", "c", "deal"))
        self.assertTrue(any("deal" in f["message"] for f in found), found)
        found = self.faults(third + track.format("a", "b", "z"))
        self.assertTrue(any("'z'" in f["message"] for f in found), found)
        # A measure that would make it so is at fault too.
        found = self.faults(third + track.format("a", "b", "deal") + '[[measure]]\nid = "m"\neffects = [{ table = "t", add = ["z"] }]\n', unless_chosen=True)
        self.assertTrue(any("'z'" in f["message"] for f in found), found)
        self.assertTrue(self.faults(third + '[[track]]\nid = "t"\nparties = ["a"]\ntable = ["x"]\n'))

    def test_shares(self):
        hazard = '[[catastrophe]]\nid = "war"\n[[catastrophe]]\nid = "ruin"\n[[hazard]]\nid = "h"\nrate = 0.1\nleads_to = {}\n'
        self.one(TWO + hazard.format("{ war = 0.5, ruin = 0.4 }"), "add to 0.9 and not to 1")
        self.run_ok("check", self.case(TWO + hazard.format("{ war = 0.9, ruin = 0.1 }")))
        self.one(TWO + hazard.format('"wars"'), "wars|wars is no", None)
        self.one(TWO + hazard.format('"x = maybe"'), "maybe", None)

    # --- limits
    def test_limits_are_named(self):
        def statements(n):
            return TWO.replace('["x"]', "[" + ", ".join(['"x"'] * n) + "]")
        self.one(statements(1025), "1,?024")
        self.run_ok("stability", self.case(statements(1024)))
        options = "".join(f'[[option]]\nid = "o{i}"\nparty = "a"\n' for i in range(127))
        self.one(TWO + options, "128")
        self.run_ok("check", self.case(TWO + options.replace('[[option]]\nid = "o126"\nparty = "a"\n', "")))
        self.one(TWO.replace('["x"]', '["' + "not " * 201 + 'x"]'), "200")
        self.run_ok("check", self.case(TWO.replace('["x"]', '["' + "not " * 190 + 'x"]')))
        self.one(TWO + '[[goal]]\nid = "g"\nwhen = "' + "(" * 300 + "x" + ")" * 300 + '"\n', "200")
        found = self.faults("deep = " + "[" * 100 + "]" * 100 + "\n")
        self.assertTrue(any("64" in f["message"] for f in found), found)
        found = self.faults("deep = " + "[" * 100000 + "\n")
        self.assertTrue(any("64" in f["message"] for f in found), found)
        found = self.faults("deep" + ".a" * 100000 + " = 1\n")
        self.assertTrue(any("64" in f["message"] for f in found), found)
        doubling = "".join(f'[[define]]\nid = "d{i}"\nwhen = "d{i - 1} and d{i - 1}"\n' for i in range(1, 40))
        self.assertTrue(self.faults(TWO + '[[define]]\nid = "d0"\nwhen = "x"\n' + doubling))
        self.assertTrue(self.faults(TWO + '[[define]]\nid = "d"\nwhen = "not e"\n[[define]]\nid = "e"\nwhen = "d"\n'))

    def test_forty_megabytes(self):
        path = self.folder / "large.toml"
        with path.open("w") as out:
            out.write("format = 1\n")
            for _ in range(40):
                out.write("# " + "x" * (1 << 20) + "\n")
        began = time.monotonic()
        found = self.check(path, rc=1)
        self.assertLess(time.monotonic() - began, 2)
        self.assertIn("16 MiB", found[0]["message"])
        self.assertIn("16 MiB", self.json("check", path.rename(self.folder / "large.gmcr"), rc=1)["faults"][0]["message"])

    def test_too_large_a_number(self):
        text = TWO.replace('statements = ["x"]', 'method = "weights"\nstatements = [{ when = "x", weight = 1e300 }]')
        self.assertTrue(self.faults(text))
        for number in ("nan", "inf", "0.1234567", "9223372036854775807", "1e-300"):
            self.assertTrue(self.faults(text.replace("1e300", number)), number)

    # --- bytes
    def test_bytes_that_are_no_text(self):
        good = ("format = 1\n" + TWO).encode()
        self.assertIn("UTF-8", self.faults(good + b'title = "\xff\xfe"\n')[0]["message"])
        self.assertIn("UTF-8", self.faults(b"\xff\xfe" + good)[0]["message"])
        self.assertTrue(self.faults(good + b"\x00"))
        self.assertTrue(self.faults(b"\x00" * 1000))
        self.assertTrue(self.faults(good.replace(b'"x"', b'"\x1b[31m"', 1)))
        self.assertNotIn("\x1b", wayout("check", self.folder / "case.toml").out)       # nothing is played on the terminal
        self.assertEqual(wayout("check", self.case("")).rc, 1)
        (self.folder / "empty.toml").write_bytes(b"")
        self.assertTrue(self.faults(b"", name="empty.toml"))
        self.assertTrue(self.faults(b"\n\n# nothing\n"))
        (self.folder / "bom.toml").write_bytes(b"\xef\xbb\xbf" + good.replace(b"\n", b"\r\n"))
        self.run_ok("check", self.folder / "bom.toml")

    def test_files_that_are_none(self):
        for path, words in ((self.folder / "missing.toml", "no such file"), (self.folder, "folder"), ("/dev/null", "."),
                            (self.folder / "missing.gmcr", "no such file")):
            found = self.json("check", path, rc=1)["faults"]
            self.assertRegex(found[0]["message"], words)
        (self.folder / "x.gmcr").write_text("{]")
        found = self.json("check", self.folder / "x.gmcr", rc=1)["faults"]
        self.assertEqual(found[0]["line"], 1)

    def test_toml_itself(self):
        for text in ("format = ", "format = 1\nformat = 1\n", "[[party]\n", 'title = "x\n', "a.b = 1\na = 2\n", "= 3\n", 'x = """\n'):
            found = self.faults(text.encode())
            self.assertGreater(found[0]["line"], 0, text)

    # --- all at once
    def test_five_faults_of_form_and_of_meaning(self):
        form = self.faults(TWO + '[[goal]]\nid = "G"\nwen = "x"\nhold = "nush"\nabsorbing = 3\n[[track]]\nid = "t"\nparties = ["a", "b"]\ntable = ["x"]\nopen = "yes"\n')
        self.assertGreaterEqual(len(form), 5, form)
        meaning = self.faults(TWO.replace('["y"]', '["why"]') + '[[rule]]\nid = "r"\nnever = "zz"\n[[goal]]\nid = "g"\nwhen = "x and ("\n'
                              '[[measure]]\nid = "m"\neffects = [{ open = "t" }]\n[[party]]\nid = "c"\n')
        self.assertGreaterEqual(len(meaning), 5, meaning)
        self.assertEqual(len({(f["line"], f["column"], f["message"]) for f in meaning}), len(meaning))
        mixed = self.faults(TWO.replace('["y"]', '["why"]') + '[[goal]]\nid = "g"\nwen = "x"\nwhen = "x and ("\nabsorbing = 3\n'
                            '[[measure]]\nid = "m"\neffects = [{ open = "t" }]\n')
        self.assertGreaterEqual(len(mixed), 5, [f["message"] for f in mixed])
        many = self.faults(TWO + "".join(f'[[goal]]\nid = "g{i}"\nwhen = "z{i}"\n' for i in range(50)))
        self.assertLessEqual(len(many), 20)
        self.assertGreaterEqual(len(many), 19)

    def test_under_variants_and_measures(self):
        found = self.faults(TWO + '[[variant]]\nid = "v"\neffects = [{ now = { z = true } }]\n', unless_chosen=True)
        self.assertRegex(found[0]["message"], "under the variant 'v'.*'z'")
        found = self.faults(TWO + '[[rule]]\nid = "r"\nnever = "x and y"\n[[variant]]\nid = "v"\neffects = [{ now = { x = true, y = true } }]\n', unless_chosen=True)
        self.assertRegex(found[0]["message"], "under the variant 'v'.*infeasible")
        graph = (TUTORIAL / "graph_form.toml").read_text(encoding="utf-8")
        for more in ('[[track]]\nid = "t"\nparties = ["lorry", "car"]\ntable = ["car_waits"]\n', '[[rule]]\nnever = "state == 1"\n',
                     '[[option]]\nid = "o"\nparties = ["lorry", "car"]\n', '[[measure]]\nid = "m"\neffects = [{ enable = "car_waits" }]\n'):
            self.assertTrue(self.faults(graph + more), more)

    def test_measures_on_the_command_line(self):
        path = self.case(TWO + '[[measure]]\nid = "one"\n[[measure]]\nid = "two"\nneeds = "one"\n[[measure]]\nid = "three"\nexcludes = "one"\n')
        self.assertIn("needs 'one'", wayout("answer", path, "--with", "two").err)
        self.run_ok("answer", path, "--with", "two,one")
        self.assertIn("exclude", wayout("answer", path, "--with", "three,one").err)
        self.assertEqual(wayout("check", path, "--with", "four").rc, 1)


class Warnings(CliTest):
    def warned(self, text, *args):
        return [f["message"] for f in self.check(self.case(text), *args)]

    def test_each_fires_where_it_should_and_not_where_not(self):
        same = TWO.replace('["y"]', '["x"]')
        deal = JOINT.replace('["x"]', '["deal", "x"]').replace('["y"]', '["not deal", "y"]')
        track = '[[track]]\nid = "t"\nparties = ["a", "b"]\ntable = ["deal"]\n'
        for words, fires, silent in (
            ("never applies", TWO + '[[rule]]\nid = "r"\nnever = "x and not x"\n', TWO + '[[rule]]\nid = "r"\nnever = "x and y"\n'),
            ("never applies", TWO + '[[rule]]\nid = "r"\nforbid = { from = "x and not x" }\n', TWO + '[[rule]]\nid = "r"\nforbid = { from = "x" }\n'),
            ("always true", TWO.replace('["x"]', '["x or not x"]'), TWO),
            ("always false", TWO.replace('["x"]', '["x and y"]') + '[[rule]]\nid = "r"\nnever = "x and y"\n', TWO.replace('["x"]', '["x and y"]')),
            ("changes nothing", TWO + '[[measure]]\nid = "m"\n', TWO + '[[measure]]\nid = "m"\neffects = [{ now = { x = true } }]\n'),
            ("same preference", same, TWO),
            ("never agree", deal + track, deal.replace('"not deal", ', '"deal", ') + track),
            ("no feasible state meets this goal", TWO + '[[goal]]\nid = "g"\nwhen = "x and y"\n[[rule]]\nid = "r"\nnever = "x and y"\n',
             TWO + '[[goal]]\nid = "g"\nwhen = "x and y"\n'),
        ):
            self.assertTrue(any(words in w for w in self.warned(fires)), (words, fires, self.warned(fires)))
            self.assertFalse(any(words in w for w in self.warned(silent)), (words, silent))

    def test_only_where_it_is_so_under_every_variant_and_measure(self):
        goal = TWO + '[[goal]]\nid = "g"\nwhen = "x and y"\n[[rule]]\nid = "r"\nnever = "x and y"\n'
        self.assertEqual(len(self.warned(goal)), 1)
        self.assertEqual(self.warned(goal + '[[measure]]\nid = "m"\neffects = [{ rule = "r", drop = true }]\n'), [])
        self.assertEqual(self.warned(goal + '[[variant]]\nid = "v"\neffects = [{ rule = "r", drop = true }]\n'), [])

    def test_warnings_leave_the_exit_code(self):
        done = wayout("check", self.case(TWO.replace('["y"]', '["x"]')))
        self.assertEqual(done.rc, 0)
        self.assertIn("1 warning", done.out)

    def test_our_own_cases(self):
        self.assertEqual(self.check(FLAGSHIP), [])
        for case in (TUTORIAL / "river.toml", TUTORIAL / "strike.toml", TUTORIAL / "graph_form.toml"):
            self.assertEqual(self.check(case), [], case)
        for case in CATALOG:
            for f in self.check(case):
                self.assertIn("same preference", f["message"])    # Milk River: a committee that is indifferent


if __name__ == "__main__":
    main()
