"""paths: hand-computed answers on the tutorial cases, and small random ones against a search written here."""

import itertools
import random
from collections import deque

from harness import GATE, TUTORIAL, CliTest, TWO, main, wayout

RIVER = TUTORIAL / "river.toml"
STRIKE = TUTORIAL / "strike.toml"
GRAPH = TUTORIAL / "graph_form.toml"


class Paths(CliTest):
    def path(self, case, *args, rc=0):
        out = self.json("paths", case, *args, rc=rc)
        self.assertEqual(out["found"], "path" in out)
        return out

    def movers(self, case, *args):
        out = self.path(case, *args)
        return [s["mover"] for s in out["path"]["steps"]] if out["found"] else None

    # values of the strike: strike, rally, raise, buses, grant, contract
    def test_strike(self):
        out = self.path(STRIKE, "--to", "running_again")
        self.assertFalse(out["found"])
        self.assertEqual((out["states_reached"], out["end"]), (1, "complete"))        # nobody moves first
        out = self.path(STRIKE, "--to", "running_again", "--with", "round_table")
        step, = out["path"]["steps"]
        self.assertEqual((step["mover"], step["willing"], step["to"]["values"]), ("round", True, [0, 0, 1, 0, 1, 1]))
        self.assertEqual(out["marks"], {"bought": [], "worse_on_the_way": []})
        out = self.path(STRIKE, "--to", "running_again", "--moves", "least-concession")
        self.assertEqual([(s["mover"], s["willing"]) for s in out["path"]["steps"]], [("city", False), ("pay_talks", True)])
        self.assertEqual(out["path"]["unwilling"], 1)
        given, = out["path"]["concessions"]
        self.assertEqual((given["party"], given["step"], given["unit"]), ("city", 1, "order"))
        self.assertIn("no_blackmail", given["statements"])
        self.assertEqual(out["marks"]["worse_on_the_way"], ["city"])

    def test_river(self):
        # values: release, pump, block, quota, border, gauges
        self.assertIsNone(self.movers(RIVER, "--to", "shared"))
        out = self.path(RIVER, "--to", "shared", "--with", "commission")
        self.assertEqual([s["to"]["values"] for s in out["path"]["steps"]], [[1, 0, 0, 1, 0, 0]])
        # Upstream stops releasing, Downstream blocks: each a step in its own interest.
        self.assertEqual(self.movers(RIVER, "--from", "release=true,pump=false,block=false", "--to", "block and pump"), ["up", "down"])
        out = self.path(RIVER, "--to", "not block and quota", "--moves", "least-concession")
        self.assertEqual((out["path"]["unwilling"], len(out["path"]["steps"])), (1, 1))
        given, = out["path"]["concessions"]
        self.assertEqual((given["party"], given["unit"], given["vital"]), ("down", "points", 4))
        self.assertEqual(self.movers(RIVER, "--to", "now"), [])                       # the empty path counts
        self.assertIsNone(self.movers(RIVER, "--to", "gauges", "--moves", "any"))     # disabled
        self.assertEqual(len(self.movers(RIVER, "--to", "gauges", "--moves", "any", "--with", "offer_gauges,commission")), 1)

    def test_bought(self):
        case = self.case(GATE)
        out = self.path(case, "--to", "passed and not gate")
        self.assertEqual([s["mover"] for s in out["path"]["steps"]], ["a", "b", "a"])
        self.assertEqual(out["marks"]["bought"], ["gate"])

    def test_graph_form(self):
        ends = lambda *args: [s["to"]["state"] for s in self.path(GRAPH, *args)["path"]["steps"]]
        self.assertEqual(len(ends("--to", "over")), 1)
        self.assertIsNone(self.movers(GRAPH, "--to", "state == 4"))
        self.assertEqual(len(ends("--to", "state == 4", "--moves", "any")), 2)
        self.assertEqual(ends("--to", "over", "--from", "4", "--without", "car"), [3])
        self.assertEqual(ends("--to", "over", "--from", "state == 4", "--without", "lorry"), [2])
        self.assertIsNone(self.movers(GRAPH, "--to", "over", "--avoid", "state == 2 or state == 3"))
        out = self.json("paths", GRAPH, "--drift")
        self.assertEqual(sorted(s["states"][0]["state"] for s in out["sets"]), [2, 3])
        self.assertEqual({s["kind"] for s in out["sets"]}, {"rest"})

    def test_no_status_quo(self):
        case = self.case(TWO.replace("[[party]]", "no_status_quo = true\n[[party]]", 1))
        done = wayout("paths", case, "--drift")
        self.assertEqual(done.rc, 1)
        self.assertIn("--from", done.err)
        self.assertEqual(self.movers(case, "--from", "1", "--to", "x and y"), ["a", "b"])
        self.assertEqual(self.movers(case, "--from", "x=false,y=true", "--to", "x and y"), ["a"])


class Small:
    """A random conflict of own options, and searches over it; ranks come from the table of stability."""

    def __init__(self, seed):
        r = random.Random(seed)
        self.parties = ["a", "b", "c"][: r.randint(2, 3)]
        self.owner = [r.choice(self.parties) for _ in range(r.randint(0, 2))] + self.parties
        self.way = [r.choice(["both", "both", "both", "up", "down"]) for _ in self.owner]
        n = range(len(self.owner))
        atom = lambda: r.choice(["", "not "]) + f"o{r.choice(n)}"
        text = ["format = 1"] + [f'[[party]]\nid = "{p}"' for p in self.parties]
        text += [f'[[option]]\nid = "o{i}"\nparty = "{self.owner[i]}"\nmoves = "{self.way[i]}"\nnow = {r.choice(["true", "false"])}' for i in n]
        for p in self.parties:
            terms = ", ".join(f'{{ when = "{atom()} {r.choice(["and", "or", "iff"])} {atom()}", weight = {r.randint(-4, 4)} }}' for _ in range(4))
            text.append(f'[[preference]]\nparty = "{p}"\nmethod = "weights"\nstatements = [{terms}]')
        self.text = "\n".join(text) + "\n"
        self.goal, self.avoided = r.choice(n), r.choice(n)

    def load(self, rows, start):
        self.rank = {v: r["rank"] for v, r in rows.items()}
        self.start = tuple(start)

    def moves(self, p, s, most=99):
        own = [i for i, o in enumerate(self.owner) if o == p]
        for levels in itertools.product([0, 1], repeat=len(own)):
            t = list(s)
            for i, level in zip(own, levels):
                t[i] = level
            changed = [i for i in own if t[i] != s[i]]
            if changed and len(changed) <= most and all(self.way[i] == "both" or (t[i] == 1) == (self.way[i] == "up") for i in changed):
                yield tuple(t)

    def willing(self, p, s, t, kind):
        a, b = self.rank[s][p], self.rank[t][p]
        return kind == "any" or b < a or (kind == "not-worse" and b == a)

    def shortest(self, goal, kind="willing", most=99, legal=False, avoid=None, movers=None):
        seen = {(self.start, None): 0}
        queue = deque(seen)
        while queue:
            s, last = node = queue.popleft()
            if goal(s):
                return seen[node]
            for p in movers or self.parties:
                if legal and p == last:
                    continue
                for t in self.moves(p, s, most):
                    nxt = (t, p if legal else None)
                    if self.willing(p, s, t, kind) and nxt not in seen and not (avoid and avoid(t)):
                        seen[nxt] = seen[node] + 1
                        queue.append(nxt)
        return None

    def concession(self, goal):
        best = {self.start: (0, 0)}
        todo = [self.start]
        while todo:
            todo.sort(key=best.get)
            s = todo.pop(0)
            if goal(s):
                return best[s]
            for p in self.parties:
                for t in self.moves(p, s):
                    cost = (best[s][0] + (not self.willing(p, s, t, "willing")), best[s][1] + 1)
                    if t not in best or cost < best[t]:
                        best[t] = cost
                        todo.append(t)
        return None

    def reached(self, start):
        seen, todo = {start}, [start]
        while todo:
            s = todo.pop()
            for p in self.parties:
                for t in self.moves(p, s):
                    if self.willing(p, s, t, "willing") and t not in seen:
                        seen.add(t)
                        todo.append(t)
        return seen

    def drift(self):
        closed = {s: frozenset(self.reached(s)) for s in self.reached(self.start)}
        return {c for c in closed.values() if all(closed[t] == c for t in c)}


class AgainstASearchWrittenHere(CliTest):
    def test_random(self):
        found = missing = 0
        for seed in range(25):
            small = Small(seed)
            case = self.case(small.text)
            table = self.stability(case, "--all-states", "--concepts", "nash")
            rows = {tuple(r["values"]): r for r in table["table"]}
            small.load(rows, table["table"][table["status_quo"] - 1]["values"])
            want = 1 - small.start[small.goal]
            other = (small.goal + 1) % len(small.owner)
            goal = lambda s: s[small.goal] == want and s[other] == want
            text = " and ".join(("" if want else "not ") + f"o{i}" for i in (small.goal, other))
            avoid = lambda s: s[small.avoided] != small.start[small.avoided] and s != small.start
            avoided = ("not " if small.start[small.avoided] else "") + f"o{small.avoided}"
            last = small.parties[-1]
            for kwargs, args in (
                ({}, []), ({"kind": "any"}, ["--moves", "any"]), ({"kind": "not-worse"}, ["--moves", "not-worse"]),
                ({"most": 1}, ["--max-options", "1"]), ({"legal": True}, ["--legal"]), ({"kind": "any", "legal": True, "most": 1}, ["--moves", "any", "--legal", "--max-options", "1"]),
                ({"avoid": avoid}, ["--avoid", avoided]), ({"movers": small.parties[:-1]}, ["--without", last]),
            ):
                out = self.json("paths", case, "--to", text, *args)
                length = small.shortest(goal, **kwargs)
                self.assertEqual(len(out["path"]["steps"]) if out["found"] else None, length, f"{args} {text}\n{small.text}")
                found += length is not None
                missing += length is None
            out = self.json("paths", case, "--to", text, "--moves", "least-concession")
            cost = (out["path"]["unwilling"], len(out["path"]["steps"])) if out["found"] else None
            self.assertEqual(cost, small.concession(goal), small.text)
            out = self.json("paths", case, "--drift")
            sets = {frozenset(tuple(s["values"]) for s in part["states"]) for part in out["sets"]}
            self.assertEqual(sets, small.drift(), small.text)
            self.assertEqual(out["states_reachable"], len(small.reached(small.start)))
        self.assertGreater(found, 40)
        self.assertGreater(missing, 40)


if __name__ == "__main__":
    main()
