#!/usr/bin/env python3
"""Every command and setting that `wayout --help` names is in docs/cli.md, the man page and the completions,
and these name no others: settings.py WAYOUT REPOSITORY"""
import re
import subprocess
import sys
from pathlib import Path

NAMES = re.compile(r"(?<![\w-])-{1,2}[a-z][a-z-]*")


def help_of(wayout: str, *command: str) -> str:
    return subprocess.run([wayout, *command, "--help"], check=True, text=True, stdout=subprocess.PIPE).stdout


def settings_in(text: str) -> set:
    """The names at the start of lines such as `  -q,--quiet   No progress`."""
    return {name for line in re.findall(r"^  (-[^ ]+)", text, re.M) for name in line.split(",")}


def completed(script: Path, words: list) -> set:
    """What bash offers for the last of these words."""
    line = " ".join(f"'{w}'" for w in words)
    program = (f"shopt -s extglob; source '{script}'; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _wayout; "
               'printf "%s\\n" "${COMPREPLY[@]}"')
    done = subprocess.run(["bash", "-c", program], check=True, text=True, stdout=subprocess.PIPE)
    return set(done.stdout.split())


def section(text: str, command: str) -> str:
    """What docs/cli.md says of one command."""
    found = re.search(rf"^## {command}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    return found.group(1) if found else ""


def fish_lines(text: str, command: str) -> str:
    every = re.search(r"set -l every '([^']*)'", text).group(1)
    lines = [line.replace("$every", f"'{every}'") for line in text.splitlines()]
    return "\n".join(line for line in lines if "-n" not in line.split()
                     or command in line.split("-n '")[-1].split("'")[0].split())


def main() -> int:
    wayout, root = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
    folder = root / "src/wayout/cli/completions"
    bash, zsh, fish = folder / "wayout.bash", (folder / "wayout.zsh").read_text(), (folder / "wayout.fish").read_text()
    man = (root / "docs/wayout.1").read_text().replace("\\-", "-")
    page = (root / "docs/cli.md").read_text()
    faults = []

    def same(where: str, expected: set, found: set) -> None:
        faults.extend(f"{where}: {name} is missing" for name in sorted(expected - found))
        faults.extend(f"{where}: {name} is no longer there" for name in sorted(found - expected))

    top = help_of(wayout)
    commands = re.findall(r"^  (\w+) {2,}", top.split("Subcommands:")[1], re.M)
    if not commands:
        faults.append("wayout --help names no command")
    same("wayout.bash, commands", set(commands), completed(bash, ["wayout", ""]) & set(re.findall(r"\w+", top)) - {"wayout"})
    every = settings_in(top)
    shared = section(page, "Settings of every command")
    for command in commands:
        settings = settings_in(help_of(wayout, command))
        every |= settings
        same(f"wayout.bash, {command}", settings, completed(bash, ["wayout", command, "-"]))
        faults += [f"wayout.zsh: {command} is missing" for _ in [0] if f"'{command}:" not in zsh]
        faults += [f"wayout.fish: {command} is missing" for _ in [0] if f"-a {command} " not in fish]
        faults += [f"wayout.1: {command} is missing" for _ in [0] if not re.search(rf"^\.BI? {command}\b", man, re.M)]
        documented = set(NAMES.findall(section(page, command) + shared))
        faults += [f"docs/cli.md: {name} of {command} is missing" for name in sorted(settings - documented)]
        lines = fish_lines(fish, command)
        faults += [f"wayout.fish: {name} of {command} is missing" for name in sorted(settings)
                   if not re.search(rf"-{'l' if name.startswith('--') else 's'} {name.lstrip('-')}(?![\w-])", lines)]
    same("wayout.1", every, set(NAMES.findall("\n".join(re.findall(r"^\.B[IR]? .*", man, re.M)))))
    same("wayout.zsh", every, {n for n in NAMES.findall(zsh) if n.startswith("--") or n in every})
    print("\n".join(faults) or f"{len(commands)} commands, {len(every)} settings, all documented and completed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
