#!/usr/bin/env python3
"""Checks that programs which mix things up do not compile: must_not_compile.py COMPILER SOURCE_ROOT

Each .cpp beside this file compiles as it is, and does not with -DWRONG=1, -DWRONG=2, ..., each for the
reason given after `// expect: ` in the line that asks for it.
"""
import os
import re
import subprocess
import sys
from pathlib import Path


def main() -> int:
    compiler, source_root = sys.argv[1:3]
    wrong, count = [], 0
    for path in sorted(Path(__file__).parent.glob("*.cpp")):

        def compile_with(*flags: str) -> tuple[bool, str]:
            run = subprocess.run(
                [compiler, "-std=c++20", "-fsyntax-only", "-fdiagnostics-color=never",
                 "-I", source_root, *flags, str(path)],
                capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"},
            )
            return run.returncode == 0, run.stderr

        good, errors = compile_with()
        if not good:
            wrong.append(f"{path.name} should compile as it is:\n{errors}")
            continue
        cases = re.findall(r"WRONG == (\d+)\s*// expect: (.*)", path.read_text())
        if not cases:
            wrong.append(f"{path.name} has nothing that must not compile")
        for number, expected in cases:
            count += 1
            good, errors = compile_with(f"-DWRONG={number}")
            if good:
                wrong.append(f"{path.name} compiles with WRONG={number}")
            elif not re.search(expected, errors):
                wrong.append(f"{path.name} with WRONG={number} fails for another reason:\n{errors}")
    if count == 0:
        wrong.append("nothing was tried")
    print("\n".join(wrong) or f"{count} wrong programs rejected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
