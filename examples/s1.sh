#!/bin/sh
# Uploads files to an Aspera node with ascp. The gateway authorizes it; ascp moves the bytes.
#
#   GATEWAY_URL=http://127.0.0.1:4000/graphql GATEWAY_KEY=... examples/s1.sh tokyo /Inbound film.mov 'my notes.txt'
#
# GATEWAY_KEY  your API key or token; it needs the scope "transfer".
# ASCP         the ascp to run; the one of the PATH when not set.
# ASPERA_KEY   the SSH private key to log in with; the one that the gateway is configured with when not set.
#
# Ends with what ascp ends with. Needs curl and IBM's ascp.
set -eu

[ $# -ge 3 ] || { echo "usage: $0 <node> <folder on the node> <file>..." >&2; exit 2; }
: "${GATEWAY_URL:?is the address of the graph}" "${GATEWAY_KEY:?is your key}"
node=$1 folder=$2
shift 2

# The text of standard input as JSON spells it; a text as a JSON string; a field of the answer, as a text.
json() { sed 's/[\\"]/\\&/g' | awk '{ printf "%s%s", (NR > 1 ? "\\n" : ""), $0 }'; }
string() { printf '"%s"' "$(printf '%s' "$1" | json)"; }
field() {
  printf '%b' "$(printf '%s' "$answer" | LC_ALL=C sed -nE "s/.*\"$1\":\"(([^\"\\\\]|\\\\.)*)\".*/\\1/p" | sed 's/\\"/"/g')"
}

# The list of files that ascp reads lies in a folder of its own, which goes away at the end.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

paths=
for file; do paths="$paths${paths:+,}{\"source\":$(string "$file")}"; done
key=null
[ -z "${ASPERA_KEY:-}" ] || key=$(string "$ASPERA_KEY")

# 1. Ask the gateway. The key goes through standard input, so that no list of processes shows it.
query=$(json <"$(dirname "$0")/ascp-upload.graphql")
variables="{\"node\":$(string "$node"),\"folder\":$(string "$folder"),\"paths\":[$paths],\"keyFile\":$key,\"listFile\":$(string "$work/files")}"
answer=$(printf 'header = "Authorization: Bearer %s"\n' "$GATEWAY_KEY" |
  curl --silent --show-error --config - --header 'Content-Type: application/json' \
    --data-binary "{\"query\":\"$query\",\"variables\":$variables}" "$GATEWAY_URL")

command=$(field command)
[ -n "$command" ] || { echo "The gateway says: $(field message)" >&2; exit 1; }

case $answer in
  *'"needsKey":true'*)
    [ -n "${ASPERA_SCP_PASS:-}" ] || { echo "ascp needs an SSH key to log in: name its file in ASPERA_KEY." >&2; exit 1; }
    ;;
esac

# 2. Take over the environment: here are the secrets.
eval "$(field exports)"

# 3. Run ascp. The command calls it by its name, which here means the one that ASCP names.
ascp() { command "${ASCP:-ascp}" "$@"; }
eval "$command"
