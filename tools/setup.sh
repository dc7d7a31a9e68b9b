# shellcheck shell=bash
# Sourced by ./run, ./test and the tools: packages, configuring and building, quietly.
# Says what it does on standard error, and nothing where there is nothing to do.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# Debian 12's names. Building and running need the first list, testing both.
run_packages=(
  g++ cmake ninja-build
  libfmt-dev libtomlplusplus-dev nlohmann-json3-dev libcli11-dev libtbb-dev
  coinor-libcbc-dev
)
test_packages=(
  "${run_packages[@]}"
  libgtest-dev libgmock-dev librapidcheck-dev
  clang-16 libclang-rt-16-dev clang-format
  python3
  libopenmpi-dev openmpi-bin
)

say() { printf 'wayout: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}

# install_packages NAME...: installs what is missing; asks no server where nothing is.
install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    command -v cmake >/dev/null && command -v ninja >/dev/null && return # trust whoever set this up
    die "this is no Debian; please install the equivalents of: $*"
  fi
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null ||
      die "missing packages; as root: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo)
    [ -t 2 ] || as_root=(sudo -n) # nobody there to give a password
  fi
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get
    -y -q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
  local log=$root/build/setup.log
  mkdir -p "$root/build"
  say "installing ${missing[*]} (log in build/setup.log)"
  # An update may fail on a machine that is offline and yet has the packages at hand.
  if ! { "${apt[@]}" update || true
    "${apt[@]}" install --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    die "could not install the packages"
  fi
}

# configure DIR PRESET [ARGUMENT...]: a build directory that came along from elsewhere is begun anew.
configure() {
  local dir=$1 preset=$2 fresh=() home
  shift 2
  mkdir -p "$dir"
  if [ -f "$dir/CMakeCache.txt" ]; then
    home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$dir/CMakeCache.txt")
    [ "$home" = "$root" ] || fresh=(--fresh)
  fi
  if ! cmake -S "$root" --preset "$preset" "${fresh[@]}" "$@" >"$dir/configure.log" 2>&1; then
    cat "$dir/configure.log" >&2
    die "could not configure the build"
  fi
}

# configured DIR: whether DIR is a build directory of this tree.
configured() {
  [ -f "$1/build.ninja" ] && grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$1/CMakeCache.txt"
}

# build DIR TARGET...: shows the errors where it fails; the whole log stays in DIR/build.log.
build() {
  local dir=$1
  shift
  # One build at a time in a directory.
  local lock
  exec {lock}>"$dir/lock"
  flock "$lock"
  if ! NINJA_STATUS='[%f/%t] ' cmake --build "$dir" --target "$@" 2>&1 {lock}>&- |
    tee "$dir/build.log" | show_progress "${dir#"$root/"}"; then
    awk '/^FAILED: /,0' "$dir/build.log" | head -n 100 >&2
    grep -q '^FAILED: ' "$dir/build.log" || tail -n 30 "$dir/build.log" >&2
    die "the build failed; the whole log is in ${dir#"$root/"}/build.log"
  fi
  exec {lock}>&-
}

# show_progress DIR: one line from ninja's many, and none if there was nothing to build.
show_progress() {
  local line begun=
  while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+/[0-9]+)\]\ (Building|Linking) ]] || continue
    if [ -t 2 ]; then
      printf '\r\033[Kwayout: building %s (log in %s/build.log)' "${BASH_REMATCH[1]}" "$1" >&2
    elif [ -z "$begun" ]; then
      say "building (log in $1/build.log)"
    fi
    begun=1
  done
  if [ -n "$begun" ] && [ -t 2 ]; then printf '\r\033[K' >&2; fi
}
