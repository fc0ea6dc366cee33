#!/bin/sh
# Installs what the OpenCL tests run on, on Debian and its relatives: a loader, PoCL (OpenCL on the processor) and oclgrind (which
# reports data races and accesses out of bounds). Does nothing where they are there. Never fails: where it cannot install them it
# says so, and the tests say what they left out.
set -u

missing=
[ -n "$(find /usr/lib /usr/lib64 /usr/local/lib -name 'libOpenCL.so.1' 2>/dev/null | head -n 1)" ] || missing="$missing ocl-icd-libopencl1"
[ -n "$(find /usr/lib /usr/lib64 /usr/local/lib -name 'libpocl.so*' 2>/dev/null | head -n 1)" ] || missing="$missing pocl-opencl-icd"
[ -n "$(find /usr/lib /usr/lib64 /usr/local/lib -name 'liboclgrind-rt-icd.so' 2>/dev/null | head -n 1)" ] || missing="$missing oclgrind"
[ -n "$missing" ] || exit 0

say() {
    printf 'install-opencl: %s\n' "$1" >&2
}

if ! command -v apt-get >/dev/null; then
    say "this system has no apt-get; for the OpenCL tests, install by its own means:$missing"
    exit 0
fi
if [ "$(id -u)" != 0 ]; then
    say "only root can install; for the OpenCL tests: sudo apt-get install$missing"
    exit 0
fi

log=$(mktemp)
install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >"$log" 2>&1 </dev/null
}
say "installing$missing"
if ! install && { ! apt-get update >"$log" 2>&1 </dev/null || ! install; }; then
    tail -n 3 "$log" >&2
    say "could not install$missing; the OpenCL tests will be left out"
fi
rm -f "$log"
