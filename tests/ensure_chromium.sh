#!/usr/bin/env bash
# The browser tests use the system's Chromium or Chrome. Where there is none, and we may, install
# Debian's. Elsewhere pytest says in one line what it left out (with CI=true: fails).
set -euo pipefail

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then
        exit 0
    fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo 'No Chromium yet: installing the one of this system...'
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-noto-color-emoji >/dev/null
fi
