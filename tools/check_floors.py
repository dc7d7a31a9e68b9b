#!/usr/bin/env python3
"""Keeps the rooms of src/wayout on their floors.

Every `#include "wayout/X/..."` in room Y must name Y itself or a room that Y's CMakeLists.txt lets it
use, and that list must go down the floors below. Under the top floor nothing prints, exits or reads
the environment. Headers leave the heavy parsers and JSON to the .cpp files.

A *_test.cpp may also use io, to read cases, and its room's TEST_DEPS; tests and fuzzers may print and
abort. tests/ crosses rooms on purpose and is not looked at.

    tools/check_floors.py [ROOT]        exit 1 and one line per violation
    tools/check_floors.py --self-test   plant each kind of violation and see that it is caught
"""
import re
import sys
import tempfile
from pathlib import Path

FLOORS = [
    ["base"],
    ["model"],
    ["space"],
    ["io", "stability"],
    ["reach", "room", "risk"],
    ["change", "trust"],
    ["answer"],
    ["export", "report"],
    ["cli", "server", "mpi"],
]
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
TOP = len(FLOORS) - 1
SAME_FLOOR_ALLOWED = {("report", "export")}
TESTS_MAY_USE = "io"

# What only the top floor may do. A member function that happens to be called exit() is no matter.
BARE = r"(?<![\w.>:])(?:std::|::)?"
FORBIDDEN = [
    (re.compile(r"\bstd::w?(?:cout|cerr|clog|cin)\b"), "prints or reads a standard stream"),
    (re.compile(r"#\s*include\s*<(?:iostream|print)>"), "includes a header that only prints"),
    (re.compile(BARE + r"(?:v?f?printf|puts|fputs|putchar|perror)\s*\("), "prints"),
    (re.compile(r"\bfmt::(?:v?print|println)\s*\("), "prints"),
    (re.compile(BARE + r"(?:exit|_exit|_Exit|quick_exit|abort|terminate)\s*\("), "ends the process"),
    (re.compile(BARE + r"(?:getenv|secure_getenv|setenv|putenv|unsetenv)\s*\("), "uses the environment"),
]
HEAVY = re.compile(r'#\s*include\s*[<"]((?:nlohmann/json|toml\+\+/|CLI/)[^">]*)[>"]')
INCLUDE = re.compile(r'^[ \t]*#\s*include\s*"([^"]+)"', re.M)
ROOM_CALL = re.compile(r"wayout_room\(\s*(\w+)([^)]*)\)")
TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^(\s]*)\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'',
    re.S,
)


def without_comments(text: str, strings: bool) -> str:
    """The code with comments blanked, and string contents too unless `strings`; lines stay in place."""

    def blank(match: re.Match) -> str:
        token = match.group()
        if strings and token[0] != "/":
            return token
        return re.sub(r"[^\n]", " ", token)

    return TOKEN.sub(blank, text)


def room_lists(source: Path) -> tuple[dict, list]:
    """room -> {"DEPS": [...], "TEST_DEPS": [...]} from the wayout_room() calls, and the faults found."""
    rooms, faults = {}, []
    for folder in sorted(p for p in source.iterdir() if p.is_dir()):
        cmake = folder / "CMakeLists.txt"
        if folder.name not in FLOOR_OF:
            faults.append(f"{folder}: not a room; the floors are listed in tools/check_floors.py")
            continue
        if not cmake.exists():
            if any(folder.glob("*.[ch]pp")):
                faults.append(f"{folder}: no CMakeLists.txt")
            continue
        match = ROOM_CALL.search(re.sub(r"#[^\n]*", "", cmake.read_text()))
        if not match or match.group(1) != folder.name:
            faults.append(f"{cmake}: no wayout_room({folder.name} ...)")
            continue
        lists = {"DEPS": [], "TEST_DEPS": [], "LIBS": []}
        current = None
        for word in match.group(2).split():
            if word in lists:
                current = lists[word]
            elif current is not None:
                current.append(word)
        rooms[folder.name] = lists
    for room, lists in rooms.items():
        cmake = source / room / "CMakeLists.txt"
        for dep in lists["DEPS"]:
            if dep not in FLOOR_OF:
                faults.append(f"{cmake}: {dep} is not a room")
            elif FLOOR_OF[dep] >= FLOOR_OF[room] and (room, dep) not in SAME_FLOOR_ALLOWED:
                faults.append(f"{cmake}: {room} may not use {dep}, which is not on a lower floor")
        for dep in lists["TEST_DEPS"]:
            if dep not in FLOOR_OF:
                faults.append(f"{cmake}: {dep} is not a room")
            elif FLOOR_OF[dep] >= FLOOR_OF[room] and dep != TESTS_MAY_USE:
                faults.append(f"{cmake}: tests of {room} may not use {dep}, which is not on a lower floor")
    return rooms, faults


def closure(start: list, rooms: dict) -> set:
    seen, todo = set(), list(start)
    while todo:
        room = todo.pop()
        if room not in seen:
            seen.add(room)
            todo.extend(rooms.get(room, {}).get("DEPS", []))
    return seen


def check_file(path: Path, room: str, allowed: set) -> list:
    text = path.read_text(encoding="utf-8")
    includes_text = without_comments(text, strings=True)
    code = without_comments(text, strings=False)
    is_test = re.search(r"_(test|fuzz)\.cpp$", path.name) is not None

    def fault(text_: str, at: int, what: str) -> str:
        return f"{path}:{text_.count(chr(10), 0, at) + 1}: {what}"

    faults = []
    for match in INCLUDE.finditer(includes_text):
        target = match.group(1)
        parts = target.split("/")
        if ".." in parts:
            faults.append(fault(includes_text, match.start(), f'"{target}" climbs out of the folder'))
        elif len(parts) > 1 and parts[0] != "wayout":
            faults.append(fault(includes_text, match.start(), f'"{target}" is neither ours nor in <>'))
        elif len(parts) > 2 and parts[1] not in allowed:
            faults.append(fault(includes_text, match.start(), f"{room} may not use {parts[1]}"))
    if path.suffix == ".hpp":
        for match in HEAVY.finditer(includes_text):
            if match.group(1) != "nlohmann/json_fwd.hpp":
                faults.append(fault(includes_text, match.start(), f"<{match.group(1)}> in a header"))
    if FLOOR_OF[room] < TOP and not is_test:
        for pattern, what in FORBIDDEN:
            for match in pattern.finditer(code):
                faults.append(fault(code, match.start(), f"{room} {what}: {match.group().strip()}"))
    return faults


def check(root: Path) -> list:
    source = root / "src" / "wayout"
    rooms, faults = room_lists(source)
    for room, lists in rooms.items():
        allowed = {room} | closure(lists["DEPS"], rooms)
        for_tests = allowed | closure([TESTS_MAY_USE, *lists["TEST_DEPS"]], rooms)
        for path in sorted((source / room).rglob("*.[ch]pp")):
            is_test = path.name.endswith("_test.cpp")
            faults += check_file(path, room, for_tests if is_test else allowed)
    prefix = str(root) + "/"
    return [fault.removeprefix(prefix) for fault in faults]


GOOD = {
    "base/CMakeLists.txt": "wayout_room(base LIBS fmt::fmt)",
    "base/ids.hpp": "// std::cout << 1;\n#pragma once\n",
    "model/CMakeLists.txt": "wayout_room(model DEPS base)",
    "model/model.cpp": '#include "wayout/base/ids.hpp"\nauto s = "printf(";\nvoid f() { gate.exit(1); }\n',
    "space/CMakeLists.txt": "wayout_room(space DEPS model)",
    "io/CMakeLists.txt": "wayout_room(io DEPS space)",
    "io/read.cpp": "#include <nlohmann/json.hpp>\n",
    "stability/CMakeLists.txt": "wayout_room(stability DEPS space)",
    "stability/nash_test.cpp": '#include "wayout/io/read.hpp"\nint main() { std::exit(0); }\n',
    "export/CMakeLists.txt": "wayout_room(export DEPS stability)",
    "report/CMakeLists.txt": "wayout_room(report DEPS export)",
    "report/page.cpp": '#include "wayout/export/dot.hpp"\n',
    "cli/CMakeLists.txt": "wayout_room(cli DEPS io report)",
    "cli/main.cpp": '#include <iostream>\nint main() { std::cout << std::getenv("NO_COLOR"); }\n',
}
# Each adds one file to the good house; the check must then say exactly what stands beside it.
BAD = [
    ({"base/up.hpp": '#include "wayout/model/model.hpp"\n'}, "src/wayout/base/up.hpp:1: base may not use model"),
    ({"stability/x.cpp": '\n#include "wayout/io/read.hpp"\n'}, "src/wayout/stability/x.cpp:2: stability may not use io"),
    ({"export/x.cpp": '#include "wayout/report/page.hpp"\n'}, "export may not use report"),
    ({"export/x.cpp": '#include "wayout/io/read.hpp"\n'}, "export may not use io"),
    ({"io/x_test.cpp": '#include "wayout/stability/nash.hpp"\n'}, "io may not use stability"),
    ({"model/x.cpp": '#include "../base/ids.hpp"\n'}, "climbs out"),
    ({"model/CMakeLists.txt": "wayout_room(model DEPS base space)"}, "model may not use space"),
    ({"io/CMakeLists.txt": "wayout_room(io DEPS space stability)"}, "io may not use stability"),
    ({"io/CMakeLists.txt": "wayout_room(io DEPS space TEST_DEPS cli)"}, "tests of io may not use cli"),
    ({"attic/x.cpp": ""}, "not a room"),
    ({"reach/x.cpp": ""}, "no CMakeLists.txt"),
    ({"io/read.hpp": "#include <nlohmann/json.hpp>\n"}, "<nlohmann/json.hpp> in a header"),
    ({"model/x.cpp": "void f() { std::cout << 1; }\n"}, "model prints"),
    ({"model/x.cpp": 'void f() { std::printf("x"); }\n'}, "model prints"),
    ({"model/x.cpp": 'void f() { fmt::print("x"); }\n'}, "model prints"),
    ({"model/x.cpp": "void f() { exit(2); }\n"}, "model ends the process"),
    ({"model/x.cpp": "void f() { std::abort(); }\n"}, "model ends the process"),
    ({"model/x.cpp": 'auto v = ::getenv("X");\n'}, "model uses the environment"),
]


def self_test() -> int:
    def faults_of(extra: dict) -> list:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in {**GOOD, **extra}.items():
                path = root / "src" / "wayout" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return check(root)

    wrong = [f"false alarm: {fault}" for fault in faults_of({})]
    for extra, expected in BAD:
        found = faults_of(extra)
        if len(found) != 1 or expected not in found[0]:
            wrong.append(f"{extra}: expected one fault with '{expected}', found {found}")
    print("\n".join(wrong) or f"{len(BAD)} planted violations caught, no false alarm")
    return 1 if wrong else 0


def main() -> int:
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent
    faults = check(root.resolve())
    print("\n".join(faults) or "every room keeps to its floor")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
