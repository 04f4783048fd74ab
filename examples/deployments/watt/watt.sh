#!/bin/sh
# Watt in the foreground, on the Node.js that is given: two threads, each of which listens. Its home is a folder of its own, for it
# keeps compiled code there, and nothing of it stays.
cd "$(dirname "$0")" || exit 1
HOME=$(mktemp -d) || exit 1
export HOME
trap 'rm -rf "$HOME"' EXIT
# A signal is for the whole group: Watt ends by it, and then this.
trap : INT TERM
"${1:-node}" node_modules/wattpm/bin/cli.js start
