#!/usr/bin/env bash
# Microsoft's own test client for Teams, one fixed version, into the environment of this project.
# It is Microsoft's, under Microsoft's licence (a LICENSE file beside it): it is fetched by whoever
# runs these tests, and is no part of Plecs. It needs no other package and runs no install script.
set -euo pipefail
cd "$(dirname "$0")/../.."

package=@microsoft/m365agentsplayground
version=0.2.28
sha512=EevhYW8xtEATwNg5eiFqTgZT0P5gjfCsLBwBWESSrB6+0lr9Yi9R27HJwjNGUlT3JQlxoWMgnvEQunUuyI/+2Q==
here=.venv/m365agentsplayground-$version

[ -e "$here/cli.js" ] && exit 0
for tool in node npm openssl; do
    command -v "$tool" >/dev/null || { echo "make test-teams needs Node.js 20 or newer with npm, and openssl: no $tool here"; exit 1; }
done
echo "Installing $package $version..."
fetched=$(mktemp -d)
trap 'rm -rf "$fetched"' EXIT
npm pack --silent --pack-destination "$fetched" "$package@$version" >/dev/null
[ "$(openssl dgst -sha512 -binary "$fetched"/*.tgz | openssl base64 -A)" = "$sha512" ] \
    || { echo "$package $version is not the one that was pinned: its checksum differs"; exit 1; }
tar -xzf "$fetched"/*.tgz -C "$fetched"
mv "$fetched/package" "$here"
