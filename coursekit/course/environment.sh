# Makes the environment that `make` uses. Usage: environment.sh PYTHON VENV
# Every way it can fail ends in one line that says what to do.
python=$1
venv=$2
log=$venv.log

fail() {
    printf '%s\n' "$1" >&2
    exit 1
}

command -v "$python" >/dev/null 2>&1 ||
    fail "Expected Python 3.11, 3.12 or 3.13 as '$python', found none. Install one, or name it: make lectures PYTHON=/path/to/python3.12"
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
case $version in
    3.11 | 3.12 | 3.13) ;;
    *) fail "Expected Python 3.11, 3.12 or 3.13 ('$python' is $version): TensorFlow has no build for others. Name one: make lectures PYTHON=python3.12" ;;
esac

free=$(df -Pk . | awk 'NR == 2 {print int($4 / 1048576)}')
[ "$free" -ge 5 ] || fail "Expected 5 GB of free disk space here for the environment, found $free GB. Free some and run make again."

explain() {
    if grep -qiE 'no space left' "$log"; then
        fail "The disk is full. Free 5 GB and run make again (details: $log)."
    elif grep -qiE 'dns|name resolution|network is unreachable|connection refused|failed to fetch|connecterror|timed out|max retries|no matching distribution|from versions: none' "$log"; then
        fail "Cannot reach the Python package index. Connect to the internet (behind a proxy, set HTTPS_PROXY) and run make again (details: $log)."
    fi
    tail -n 5 "$log" >&2
    fail "Making the environment failed; the whole story is in $log."
}

echo "Making the environment in $venv with Python $version: about 3 GB, one to three minutes."
{
    "$python" -m venv --clear "$venv" &&
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check uv &&
        VIRTUAL_ENV="$venv" "$venv/bin/uv" pip install --no-progress --require-hashes -r requirements.lock &&
        VIRTUAL_ENV="$venv" "$venv/bin/uv" pip install --no-progress --no-deps --editable .
} >"$log" 2>&1 || explain
rm -f "$log"
