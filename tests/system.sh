#!/bin/sh
# Installs the system packages that tests use, where this machine allows it. A test whose package is
# missing afterwards is skipped and says so.
set -u
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends \
        chromium fonts-noto-cjk fonts-noto-color-emoji >/dev/null && exit 0
fi
echo "chromium is not installed: the tests of the page are skipped" >&2
