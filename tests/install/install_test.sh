#!/usr/bin/env bash
# install_test.sh CMAKE BUILD_DIR SOURCE_DIR VERSION CONFIG
# Installs into an empty folder and uses what lies there, from elsewhere, with nothing of ours around.
set -euo pipefail
cmake=$1 build=$2 source=$3 version=$4 config=$5

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$cmake" --install "$build" --prefix "$work/usr" >"$work/install.log"
cd "$work"

fail() {
  echo "FAILED: $*"
  find usr | sort
  exit 1
}
installed() { env -i PATH=/usr/bin:/bin "$work/usr/bin/wayout" "$@"; }

echo "the program answers"
installed --version | grep -qF "$version" || fail "--version does not say $version"

echo "every case is there and without faults"
while IFS= read -r -d '' file; do
  copy=usr/share/wayout/${file#"$source/"}
  cmp "$file" "$copy" || fail "$copy"
  installed check "$copy" >check.log 2>&1 || { cat check.log && fail "wayout check $copy"; }
done < <(find "$source/cases" -name '*.toml' -print0)

echo "man page and completions, where we have them"
if [ -f "$source/docs/wayout.1" ]; then
  cmp "$source/docs/wayout.1" usr/share/man/man1/wayout.1 || fail "man page"
fi
if [ -f "$source/src/wayout/cli/completions/wayout.bash" ]; then
  bash -n usr/share/bash-completion/completions/wayout || fail "completion for bash"
fi

if [ "$config" = Release ]; then
  echo "the program does not know where it was built"
  ! grep -qF "$source" usr/bin/wayout || fail "usr/bin/wayout names $source"
fi

echo "nothing but what belongs there"
! find usr -type f \( -name '*.a' -o -name '*.hpp' -o -name '*_test*' \) | grep . || fail "stray files"
