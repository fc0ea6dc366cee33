#!/usr/bin/env bash
# Checks and measures the OpenCL target on a bare CUDA machine: no Java there, perhaps no OpenCL loader, no network.
#
#   here:   tests/gpu/run.sh pack         builds, and packs a Java, an OpenCL loader, the compiler and the checks into target/gpu (some 50 MB)
#   there:  tests/gpu/run.sh [RESULTS]    with the repository and target/gpu; writes RESULTS (default target/gpu/results) and prints them
#
# On the machine: the devices; every kernel against Java; for each of MODELS, BATCHES and PRECISIONS the times, PyTorch's in the same minute, if
# Python there has it, and the answers against ONNX Runtime. RESULTS gets, after every step, table.md; opencl-tuning.txt, the defaults that ship
# with what tuning found added, to be committed in the place of runtime/src/main/resources/dev/sardonyx/runtime/opencl/opencl-tuning.txt; and
# results.tar.gz, all of RESULTS in one file.
# Where commands may not run for long, LIMIT=SECONDS ends the script in time, with exit code 4, and another call goes on: steps whose results are
# there are not done again. On another machine, unpack results.tar.gz into RESULTS before.
#   MODELS="resnet18 resnet50 resnet152"  BATCHES="1 64 8"  PRECISIONS="fp32 tf32x3 fp16 tf32 fp16-storage"  SIZE=224  DIVISOR=1 (of channels)
#   TUNE=quick (full, none)  CHECKS=yes (no)  PYTHON=python3
#   OCL_DRIVER=FILE  another driver than NVIDIA's, such as PoCL's libpocl.so.2; tensor cores are emulated there
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
pack=$root/target/gpu

find_jdk() {
    for jdk in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
        if [ -x "$jdk/bin/jlink" ] && grep -q '^JAVA_VERSION="\(2[5-9]\|[3-9][0-9]\)' "$jdk/release" 2>/dev/null; then
            return
        fi
    done
    echo 'no JDK 25 with jlink found: point JAVA_HOME at one' >&2
    exit 3
}

# The first of its name that the linker knows; reads to the end, for a broken pipe would be a failure.
library() {
    ldconfig -p 2>/dev/null | awk -v name="$1" '$1 == name && !found { print $NF; found = 1 }'
}

pack() {
    find_jdk
    "$root/sardonyx" --version # builds
    mvn -B -q -ntp -f "$root/pom.xml" -pl tests -am -Dfast -DskipTests test-compile
    rm -rf "$pack"
    mkdir -p "$pack/lib" "$pack/native"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    "$jdk/bin/jlink" --output "$work/jre" --strip-debug --no-header-files --no-man-pages --compress=zip-0 --add-modules \
        java.base,java.logging,java.compiler,java.desktop,java.management,jdk.compiler,jdk.incubator.vector,jdk.jfr,jdk.unsupported,jdk.zipfs
    tar -C "$work" -czf "$pack/jre.tar.gz" jre
    for jar in "$root"/compiler/target/launch/*.jar "$root"/compiler/target/launch/lib/*.jar; do
        case $jar in
            */onnxruntime-*) ;; # as large as all the rest
            *) cp "$jar" "$pack/lib/" ;;
        esac
    done
    tar -C "$root/tests/target/fast/test-classes" -cf - dev | tar -C "$pack/lib" -xf -
    cp -L "$(library libOpenCL.so.1)" "$pack/native/libOpenCL.so.1"
    cp "$root/samples/resnet20-cifar10.onnx" "$root/samples/chelsea.png" "$root/samples/cifar10-labels.txt" "$pack/"
    cat "$pack"/lib/*.jar | cksum >"$pack/stamp"
    du -sh "$pack"
}

find_driver() {
    PATH=$PATH:/sbin:/usr/sbin
    driver=${OCL_DRIVER:-$(library libnvidia-opencl.so.1 || true)}
    if [ -z "$driver" ]; then
        driver=$({ find /usr /opt /lib /lib64 -name 'libnvidia-opencl.so.1' 2>/dev/null || true; } | sed -n 1p)
    fi
    if [ -z "$driver" ]; then
        echo 'no libnvidia-opencl.so.1 on this machine; OCL_DRIVER=FILE names another driver' >&2
        exit 3
    fi
}

prepare() {
    work=${GPU_WORK:-$root/target/gpu-work} # not in target/gpu, which travels
    mkdir -p "$work/vendors" "$work/tmp" "$results"
    [ -x "$work/jre/bin/java" ] || tar -C "$work" -xzf "$pack/jre.tar.gz"
    find_driver
    echo "$driver" >"$work/vendors/device.icd"
    beside=$(dirname "$driver")
    emulate=-Dsardonyx.opencl.emulate=false
    case $driver in
        *nvidia*) ls "$beside"/libnvidia-nvvm.so* >/dev/null 2>&1 ||
            echo "note: no libnvidia-nvvm beside $driver: builds would fail with an empty log" >&2 ;;
        *) emulate=-Dsardonyx.opencl.emulate=true ;;
    esac
    export OCL_ICD_VENDORS=$work/vendors/ # a folder, with the slash: the form that every loader reads
    export LD_LIBRARY_PATH=$pack/native:$beside:${LD_LIBRARY_PATH:-}
    export CUDA_CACHE_PATH=$work/cuda-cache CUDA_CACHE_MAXSIZE=4294967296 # NVIDIA's compiled kernels, all of them
    java=("$work/jre/bin/java" --enable-native-access=ALL-UNNAMED "-Djava.io.tmpdir=$work/tmp" "-Dsardonyx.opencl.cache=$results/tuned" "$emulate")
    sardonyx=("${java[@]}" --add-modules jdk.incubator.vector -Xmx16g -cp "$pack/lib/*" dev.sardonyx.compiler.cli.Main)
    export PYTHONUNBUFFERED=1
}

# Seconds that are left.
left() {
    echo $((${LIMIT:-1000000} - SECONDS))
}

# step NAME COMMAND…: runs it unless NAME.txt is there already, which what it prints becomes; a step that fails is done again by the next call. Steps
# that the end of time cuts off, or that could not be done in the least time that they take, are left for that call, too.
step() {
    local name=$1
    shift
    [ ! -f "$results/$name.txt" ] || return 0
    if [ "$(left)" -lt 30 ]; then
        unfinished=$((unfinished + 1))
        return 0
    fi
    echo "== $name"
    local code=0
    timeout -k 5 "$(($(left) - 10))" "$@" 2>&1 | tee "$work/step.txt" || code=$?
    if [ $code = 0 ] && ! grep -q '^FAILED\|^error:' "$work/step.txt"; then
        mv "$work/step.txt" "$results/$name.txt"
    elif [ "$(left)" -lt 12 ]; then
        echo "cut off: $name"
        unfinished=$((unfinished + 1))
    else
        echo "FAILED $name (exit code $code)"
        failed="$failed $name"
        mv "$work/step.txt" "$results/$name.failed"
    fi
    conclude
}

checks() {
    for check in 'dev.sardonyx.runtime.opencl.ConvolutionCheck fp32' 'dev.sardonyx.runtime.opencl.ConvolutionCheck fp16-storage' \
        'dev.sardonyx.runtime.opencl.ConvolutionCheck tf32x3' 'dev.sardonyx.runtime.opencl.ConvolutionCheck tf32' \
        'dev.sardonyx.runtime.opencl.ConvolutionCheck fp16' 'dev.sardonyx.tests.opencl.GeneratedKernelCheck fp32' \
        'dev.sardonyx.tests.opencl.GeneratedKernelCheck fp16-storage'; do
        # shellcheck disable=SC2086 # a class and its argument
        step "check-${check//[. ]/-}" "${java[@]}" -cp "$pack/lib:$pack/lib/*" $check
    done
    step sample "${sardonyx[@]}" run "$pack/resnet20-cifar10.onnx" --target opencl --image "$pack/chelsea.png" --labels "$pack/cifar10-labels.txt"
}

# One network, batch and precision: its jar, its times, its answers.
measure() {
    local name=$model-b$batch-$precision
    [ ! -f "$results/$name.bench.txt" ] || [ ! -f "$results/$name.agreement.txt" ] || return 0
    [ "$(left)" -ge 45 ] || { unfinished=$((unfinished + 1)) && return 0; }
    if [ ! -f "$work/$model-b$batch/model.onnx" ]; then
        rm -rf "$work"/*-b* && mkdir -p "$work/$model-b$batch" # the last network is not needed any more
        "${sardonyx[@]}" generate "$model" -o "$work/$model-b$batch/model.onnx" --batch "$batch" --size "${SIZE:-224}" --width-divisor "${DIVISOR:-1}" >/dev/null
    fi
    "${sardonyx[@]}" compile "$work/$model-b$batch/model.onnx" -o "$work/$name.jar" --target opencl --precision "$precision" >"$work/compile.txt" 2>&1 ||
        { cat "$work/compile.txt" && failed="$failed $name" && return 0; }
    step "$name.bench" "${java[@]}" -jar "$work/$name.jar" bench --warmup 3 --tune "${TUNE:-quick}" --profile --json "$results/$name.json"
    step "$name.agreement" "$python" "$root/tests/gpu/agreement.py" "$work/$model-b$batch/model.onnx" "$work/$name.jar" "$work/$model-b$batch" "$precision" \
        "${java[*]}" "${sardonyx[*]} run $work/$model-b$batch/model.onnx --target simd" "$batch" "${SIZE:-224}"
    rm -f "$work/$name.jar"
}

# The kernels are checked after the first batch, whose answers tell more, and sooner.
models() {
    for batch in ${BATCHES:-1 64 8}; do
        for model in ${MODELS:-resnet18 resnet50 resnet152}; do
            for precision in ${PRECISIONS:-fp32 tf32x3 fp16 tf32 fp16-storage}; do
                measure
            done
            step "$model-b$batch-pytorch" "$python" "$root/tests/gpu/pytorch.py" "$model" "$batch" "$results/$model-b$batch-pytorch.json" \
                "$work/$model-b$batch/model.onnx"
        done
        [ "${CHECKS:-yes}" = no ] || checks
    done
}

# The table; the comments and lines that ship, with what was found now, which is the truth where both have a line; all in one file.
conclude() {
    "$python" "$root/tests/gpu/table.py" "$results" >"$results/table.md" || echo 'FAILED the table'
    local shipped=$root/runtime/src/main/resources/dev/sardonyx/runtime/opencl/opencl-tuning.txt
    local found=$results/tuned/opencl-tuning.txt
    if [ -f "$found" ]; then
        {
            sed -n '/^#/p' "$shipped"
            { cat "$found" && sed '/^#/d' "$shipped"; } | awk -F '\t' '!seen[$1 FS $2 FS $4 FS $5]++' | sort
        } >"$results/opencl-tuning.txt"
    fi
    tar -C "$results" --exclude=results.tar.gz -czf "$work/results.tar.gz" .
    mv "$work/results.tar.gz" "$results/results.tar.gz"
}

if [ "${1:-}" = pack ]; then
    pack
    exit 0
fi
results=${1:-$pack/results}
python=${PYTHON:-python3}
unfinished=0
failed=
[ -f "$pack/jre.tar.gz" ] || { echo "$pack is not packed: run tests/gpu/run.sh pack first, and carry target/gpu along" >&2; exit 2; }
mkdir -p "$results"
results=$(cd "$results" && pwd)
prepare
if [ -f "$results/stamp" ] && ! cmp -s "$results/stamp" "$pack/stamp"; then
    echo "$results holds what another version has measured: empty it first" >&2
    exit 2
fi
cp "$pack/stamp" "$results/stamp"
rm -f "$results/devices.txt"
step devices "${sardonyx[@]}" devices
models
conclude
cat "$results/table.md"
if [ -n "$failed" ]; then
    echo "== failed:$failed; see their .failed in $results" && exit 1
fi
if [ $unfinished -gt 0 ]; then
    echo "== $unfinished steps are left for another call; results so far in $results" && exit 4
fi
echo "== all done; results in $results"
