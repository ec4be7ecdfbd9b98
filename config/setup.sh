#!/usr/bin/env bash
# Makes the environment that every command of the Makefile shares, and with the word `verifiers`
# what only the tests need. A second run finds its stamps and is done in a moment. Nothing here needs
# more than git, make and Python 3.11 or later; what only root may install is installed where that
# is allowed, else the one line to type is printed.
set -euo pipefail
cd "$(dirname "$0")/.."

# An image for production is made with REQUIREMENTS=requirements/base.txt.
REQUIREMENTS=${REQUIREMENTS:-requirements/dev.txt}

say() { printf '%s\n' "$*" >&2; }

# apt_install PACKAGE... : installs them, or prints the line that does and stops.
apt_install() {
  local as=()
  if ! command -v apt-get >/dev/null; then
    say "This machine has no apt-get. Install what Debian calls: $*"
    exit 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      say "Missing: $*. Please type this line, then run the command again:"
      say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
      exit 1
    fi
    as=(sudo -n)
  fi
  say "Installing $*"
  "${as[@]}" apt-get update -qq
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

find_python() {
  local name
  for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null \
      && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$name"
      return
    fi
  done
  say "Python 3.11 or later is needed; set PYTHON to the one to use."
  exit 1
}

stamp_of() { cat "$@" | sha256sum | cut -d' ' -f1; }

make_environment() {
  local python version stamp
  python=$(find_python)
  version=$("$python" --version)
  stamp="$version $(stamp_of "$REQUIREMENTS")"
  if [ -x .venv/bin/python ] && [ "$(cat .venv/stamp 2>/dev/null)" = "$stamp" ]; then
    return
  fi
  say "Making the environment in .venv from $REQUIREMENTS"
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    apt_install "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
  fi
  [ "$(.venv/bin/python --version 2>/dev/null)" = "$version" ] || "$python" -m venv --clear .venv
  install_requirements .venv "$REQUIREMENTS"
  printf '%s' "$stamp" >.venv/stamp
}

# install_requirements VENV FILE : by uv, which is ten times as quick; by pip where uv will not go.
install_requirements() {
  local uv
  uv=$(command -v uv || true)
  if [ -z "$uv" ] && "$1/bin/python" -m pip install --quiet --disable-pip-version-check \
    --require-hashes -r requirements/setup.txt; then
    uv="$1/bin/uv"
  fi
  if [ -z "$uv" ] || ! "$uv" pip sync --quiet --python "$1/bin/python" --require-hashes "$2"; then
    say "uv cannot install here; pip takes about a minute."
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$2"
  fi
}

check_pdf_libraries() {
  local missing
  missing=$(missing_pdf_packages)
  if [ -n "$missing" ]; then
    # shellcheck disable=SC2086 -- one word a package
    apt_install $missing
    missing=$(missing_pdf_packages)
    if [ -n "$missing" ]; then
      say "Installed, and yet WeasyPrint cannot load what $missing should have brought."
      exit 1
    fi
  fi
}

missing_pdf_packages() {
  .venv/bin/python -c 'from config.checks import missing_pdf_packages as m; print(*m())'
}

build_assets() {
  local stamp without=(--omit=optional)
  stamp=$(stamp_of package-lock.json config/assets/* requirements/base.txt)
  if [ "$(cat var/static.stamp 2>/dev/null)" = "$stamp" ] && [ -f var/static/registry.css ]; then
    return
  fi
  say "Building the style sheet and the fonts into var/static"
  # whoever has the verifiers keeps them; all others wait for no more than the style sheet needs
  [ -f var/verifiers.stamp ] || without+=(--omit=dev)
  with_node npm ci "${without[@]}" --loglevel=error >/dev/null
  with_node node config/assets/build.mjs var/static
  .venv/bin/python config/assets/fonts.py var/static/fonts
  printf '%s' "$stamp" >var/static.stamp
}

# What others wrote and the tests hold ours against; the demonstration needs none of it.
install_verifiers() {
  local stamp
  # a token in software, for the tests of keys that never leave theirs
  command -v softhsm2-util >/dev/null || apt_install softhsm2
  # a browser, for the journeys
  command -v chromium >/dev/null || command -v google-chrome >/dev/null || apt_install chromium
  stamp=$(stamp_of package-lock.json)
  if [ "$(cat var/verifiers.stamp 2>/dev/null)" = "$stamp" ] && [ -d node_modules/jose ]; then
    return
  fi
  say "Installing the verifiers of others into node_modules"
  with_node npm ci --omit=optional --loglevel=error >/dev/null
  printf '%s' "$stamp" >var/verifiers.stamp
}

# with_node COMMAND... : with the machine's node, or one from a Python package where there is none.
with_node() {
  if ! command -v npm >/dev/null || ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then
    if [ ! -x var/tools/bin/node ]; then
      say "No Node.js 20 or later on this machine: taking one from a Python package"
      .venv/bin/python -m venv --clear var/tools
      install_requirements var/tools requirements/node.txt
    fi
    PATH="$PWD/var/tools/bin:$PATH" "$@"
    return
  fi
  "$@"
}

mkdir -p var
exec 9>var/setup.lock
if command -v flock >/dev/null; then flock 9; fi
make_environment
check_pdf_libraries
build_assets
if [ "${1:-}" = verifiers ]; then install_verifiers; fi
