#!/usr/bin/env bash
# Checks and measures the OpenCL target on a bare CUDA machine: no Java there, perhaps no OpenCL loader, no network.
#
#   here:   tests/gpu/run.sh pack         builds, and packs a Java, an OpenCL loader, the compiler and the checks into target/gpu (some 50 MB)
#   there:  tests/gpu/run.sh [RESULTS]    with the repository and target/gpu; writes RESULTS (default target/gpu/results) and prints them
#
# On the machine, in this order: the devices; every kernel against Java; for each of MODELS, BATCHES and PRECISIONS the answers
# against ONNX Runtime, if Python there has it, and the times; the same networks in PyTorch, if Python there has it. What tuning
# found is added to the defaults that ship: RESULTS/opencl-tuning.txt, to be committed in the place of
# runtime/src/main/resources/dev/sardonyx/runtime/opencl/opencl-tuning.txt.
#   MODELS="resnet18 resnet50 resnet152"  BATCHES="1 8 64"  PRECISIONS="fp32 fp16-storage tf32x3 tf32 fp16"  GENERATE="" (options such as --size 64)
#   TUNE=full (quick, none)
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
    cp -L "$(ldconfig -p | awk '/libOpenCL.so.1 / { print $NF; exit }')" "$pack/native/libOpenCL.so.1"
    cp "$root/samples/resnet20-cifar10.onnx" "$root/samples/chelsea.png" "$root/samples/cifar10-labels.txt" "$pack/"
    du -sh "$pack"
}

find_driver() {
    PATH=$PATH:/sbin:/usr/sbin
    driver=${OCL_DRIVER:-$(ldconfig -p 2>/dev/null | awk '/libnvidia-opencl.so.1 / { print $NF; exit }')}
    if [ -z "$driver" ]; then
        driver=$(find /usr /opt /lib /lib64 -name 'libnvidia-opencl.so.1' 2>/dev/null | head -n 1)
    fi
    if [ -z "$driver" ]; then
        echo 'no libnvidia-opencl.so.1 on this machine; OCL_DRIVER=FILE names another driver' >&2
        exit 3
    fi
}

prepare() {
    work=${GPU_WORK:-$(mktemp -d)}
    mkdir -p "$work/vendors" "$work/tmp" "$results"
    [ -x "$work/jre/bin/java" ] || tar -C "$work" -xzf "$pack/jre.tar.gz"
    find_driver
    echo "$driver" >"$work/vendors/device.icd"
    beside=$(dirname "$driver")
    emulate=
    case $driver in
        *nvidia*) ls "$beside"/libnvidia-nvvm.so* >/dev/null 2>&1 ||
            echo "note: no libnvidia-nvvm beside $driver: builds would fail with an empty log" >&2 ;;
        *) emulate=-Dsardonyx.opencl.emulate=true ;;
    esac
    export OCL_ICD_VENDORS=$work/vendors/ # a folder, with the slash: the form that every loader reads
    export LD_LIBRARY_PATH=$pack/native:$beside:${LD_LIBRARY_PATH:-} CUDA_CACHE_PATH=$work/cuda-cache
}

java() {
    # shellcheck disable=SC2086 # nothing, or one word
    "$work/jre/bin/java" --enable-native-access=ALL-UNNAMED "-Djava.io.tmpdir=$work/tmp" "-Dsardonyx.opencl.cache=$work/tuned" $emulate "$@"
}

sardonyx() {
    java -Xmx16g -cp "$pack/lib/*" dev.sardonyx.compiler.cli.Main "$@"
}

checks() {
    echo '== devices'
    sardonyx devices
    for check in 'dev.sardonyx.runtime.opencl.ConvolutionCheck fp32' 'dev.sardonyx.runtime.opencl.ConvolutionCheck fp16-storage' \
        'dev.sardonyx.runtime.opencl.ConvolutionCheck tf32x3' 'dev.sardonyx.runtime.opencl.ConvolutionCheck tf32' \
        'dev.sardonyx.runtime.opencl.ConvolutionCheck fp16' 'dev.sardonyx.tests.opencl.GeneratedKernelCheck fp32' \
        'dev.sardonyx.tests.opencl.GeneratedKernelCheck fp16-storage'; do
        echo "== $check"
        # shellcheck disable=SC2086 # a class and its argument
        java -cp "$pack/lib:$pack/lib/*" $check || echo "FAILED $check"
    done
    echo '== the sample'
    sardonyx run "$pack/resnet20-cifar10.onnx" --target opencl --image "$pack/chelsea.png" --labels "$pack/cifar10-labels.txt" \
        || echo 'FAILED the sample'
}

models() {
    for model in ${MODELS:-resnet18 resnet50 resnet152}; do
        for batch in ${BATCHES:-1 8 64}; do
            # shellcheck disable=SC2086 # several options
            sardonyx generate "$model" -o "$work/$model.onnx" --batch "$batch" ${GENERATE:-}
            for precision in ${PRECISIONS:-fp32 fp16-storage tf32x3 tf32 fp16}; do
                name=$model-b$batch-$precision
                echo "== $name"
                sardonyx compile "$work/$model.onnx" -o "$work/$name.jar" --target opencl --precision "$precision" >"$results/$name.compile.txt"
                java -jar "$work/$name.jar" bench --tune "${TUNE:-full}" --profile --json "$results/$name.json" | tee "$results/$name.bench.txt" || echo "FAILED $name"
                python3 "$root/tests/gpu/agreement.py" "$work/$model.onnx" "$work/$name.jar" "$work" "$precision" \
                    "$work/jre/bin/java --enable-native-access=ALL-UNNAMED -Djava.io.tmpdir=$work/tmp $emulate" \
                    | tee "$results/$name.agreement.txt" || echo "FAILED answers of $name"
                rm -f "$work/$name.jar"
            done
            python3 "$root/tests/gpu/pytorch.py" "$model" "$batch" | tee "$results/$model-b$batch-pytorch.txt" || true
        done
    done
}

# The comments and lines that ship, with what was found now, which is the truth where both have a line.
tuning() {
    shipped=$root/runtime/src/main/resources/dev/sardonyx/runtime/opencl/opencl-tuning.txt
    found=$work/tuned/opencl-tuning.txt
    [ -f "$found" ] || return 0
    {
        grep '^#' "$shipped"
        { cat "$found" && sed '/^#/d' "$shipped"; } | awk -F '\t' '!seen[$1 FS $2 FS $4 FS $5]++' | sort
    } >"$results/opencl-tuning.txt"
    echo "== $(grep -vc '^#' "$results/opencl-tuning.txt") tuned defaults in $results/opencl-tuning.txt"
}

if [ "${1:-}" = pack ]; then
    pack
    exit 0
fi
results=${1:-$pack/results}
[ -f "$pack/jre.tar.gz" ] || { echo "$pack is not packed: run tests/gpu/run.sh pack first, and carry target/gpu along" >&2; exit 2; }
prepare
checks 2>&1 | tee "$results/checks.txt"
models 2>&1 | tee "$results/models.txt"
tuning
if grep -q '^FAILED\|^error:' "$results/checks.txt" "$results/models.txt"; then
    echo '== something failed; see above' && exit 1
fi
echo "== all done; results in $results"
