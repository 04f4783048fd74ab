#!/bin/sh
# PM2 in cluster mode and in the foreground, as in a container. Its home is a folder of its own: it does not meet a PM2 that runs
# already, and nothing of it stays.
PM2_HOME=$(mktemp -d) || exit 1
export PM2_HOME
trap 'rm -rf "$PM2_HOME"' EXIT
# A signal is for the whole group: PM2 ends by it, and then this.
trap : INT TERM
"${1:-pm2-runtime}" start server.js -i 2
