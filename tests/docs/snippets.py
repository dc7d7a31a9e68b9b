#!/usr/bin/env python3
"""Runs what the README and the documents show: snippets.py BIN_DIR REPOSITORY, or --self-test

In README.md, CONTRIBUTING.md and docs/**/*.md:
  ```console   lines after `$ ` are run with bash in the root of the repository, wayout on the PATH,
               and print what stands below them. A line `...` or `…` stands for any lines, and either at
               the end of a line for the rest of it. `$ cmd` with nothing below has only to succeed;
               a command that ends otherwise says so in a comment: `$ cmd  # exit 1`.
               All blocks of a file share one scratch folder, $TMP.
  ```toml      a whole case file (with a line `format = 1`) passes `wayout check`.
Not run: blocks in other languages, and commands that set up or test the repository (git, ./test, cmake).
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```", re.M | re.S)
NOT_RUN = re.compile(r"^(git|\./test|cmake|ctest|sudo|tools/fuzz)\b")
EXIT = re.compile(r"\s+#\s*exit (\d+)\s*$")


def matches(expected: list, actual: list) -> bool:
    """Whether `actual` is `expected` with its wild cards filled in."""

    def pattern(line: str) -> str:
        line = line.rstrip()
        if line in ("...", "…"):
            return r"(?:[^\n]*\n)*?"
        for dots in ("...", "…"):
            if line.endswith(dots):
                return re.escape(line.removesuffix(dots)) + r"[^\n]*\n"
        return re.escape(line) + r"[ \t]*\n"

    return re.fullmatch("".join(map(pattern, expected)), "".join(a + "\n" for a in actual)) is not None


def commands(block: str):
    """(command, expected exit code, expected lines) in order."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            command = line[2:]
            code = EXIT.search(command)
            found.append((EXIT.sub("", command), int(code.group(1)) if code else 0, []))
        elif line.startswith("> ") and found and found[-1][0].endswith("\\"):
            command, code, lines = found.pop()
            found.append((command + "\n" + line[2:], code, lines))
        elif found:
            found[-1][2].append(line)
    return found


def check(path: Path, root: Path, bin_dir: Path) -> tuple[int, list]:
    count, faults = 0, []
    text = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        env = {**os.environ, "TMP": scratch, "NO_COLOR": "1", "LC_ALL": "C.UTF-8",
               "COLUMNS": "100", "PATH": f"{bin_dir}:{os.environ['PATH']}"}

        def run(command: str):
            return subprocess.run(["bash", "-c", command], cwd=root, env=env, text=True,
                                  stdin=subprocess.DEVNULL, timeout=300,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

        for fence in FENCE.finditer(text):
            where = f"{path.relative_to(root)}:{text.count(chr(10), 0, fence.start()) + 1}"
            language, block = fence.groups()
            if language == "toml" and re.search(r"^format\s*=\s*1\b", block, re.M):
                count += 1
                case = Path(scratch) / "snippet.toml"
                case.write_text(block, encoding="utf-8")
                result = run(f"wayout check {case}")
                if result.returncode != 0:
                    faults.append(f"{where}: wayout check finds fault\n{result.stdout}")
            if language != "console":
                continue
            for command, code, expected in commands(block):
                if NOT_RUN.match(command):
                    continue
                count += 1
                result = run(command)
                actual = [line.rstrip() for line in result.stdout.splitlines()]
                while expected and not expected[-1].strip():
                    expected.pop()
                if result.returncode != code:
                    faults.append(f"{where}: `{command}` ended with {result.returncode}\n{result.stdout}")
                elif expected and not matches(expected, actual):
                    faults.append(f"{where}: `{command}` printed\n{result.stdout}")
    return count, faults


def self_test() -> int:
    page = """```console
$ printf 'a\\nb\\nc\\n'
a
...
$ printf 'a b\\n'
a …
$ false  # exit 1
$ git clone nowhere
$ echo a
b
$ exit 3
```
"""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "README.md").write_text(page)
        count, faults = check(root / "README.md", root, root)
    good = count == 5 and len(faults) == 2 and "`echo a` printed" in faults[0] and "with 3" in faults[1]
    print("snippets that lie are caught" if good else f"{count} commands, faults: {faults}")
    return 0 if good else 1


def main() -> int:
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    bin_dir, root = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    pages = [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]
    count, faults = 0, []
    for page in pages:
        if page.exists():
            ran, wrong = check(page, root, bin_dir)
            count, faults = count + ran, faults + wrong
    print("\n".join(faults) or f"{count} snippets do what they say")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
