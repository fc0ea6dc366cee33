package dev.sardonyx.runtime.opencl;

import static org.jocl.CL.*;

import dev.sardonyx.runtime.UnsupportedMachineException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** The OpenCL devices of this machine, in the order in which the loader names them. */
public final class Devices {

    /** A device with its handle. */
    record Handle(Device device, cl_device_id id) {}

    private static final String NO_DRIVER =
            "this machine has an OpenCL loader, but no OpenCL driver: install your device's driver, or for the"
                    + " processor, on Debian or Ubuntu: apt-get install pocl-opencl-icd";

    private Devices() {}

    /**
     * All devices.
     *
     * @throws UnsupportedMachineException if this machine has no OpenCL loader, no driver or no device
     */
    public static List<Device> list() {
        return handles().stream().map(Handle::device).toList();
    }

    /**
     * The device that {@code wanted} names.
     *
     * @param wanted its index, or a part of its name in any case; where empty, the first GPU or else the first device
     * @throws UnsupportedMachineException if there is none
     */
    static Handle choose(Optional<String> wanted) {
        List<Handle> handles = handles();
        Optional<Handle> chosen = wanted.isEmpty()
                ? Optional.of(handles.stream()
                        .filter(handle -> handle.device().kind() == Device.Kind.GPU)
                        .findFirst()
                        .orElse(handles.getFirst()))
                : handles.stream()
                        .filter(handle -> matches(handle.device(), wanted.get()))
                        .findFirst();
        return chosen.orElseThrow(() -> new UnsupportedMachineException("no OpenCL device is or is called '"
                + wanted.orElse("") + "'; there "
                + handles.stream()
                        .map(handle ->
                                handle.device().index() + ": " + handle.device().name())
                        .collect(Collectors.joining(", ", handles.size() == 1 ? "is " : "are ", ""))));
    }

    private static boolean matches(Device device, String wanted) {
        return wanted.matches("\\d+")
                ? wanted.equals(Integer.toString(device.index()))
                : device.name().toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
    }

    private static List<Handle> handles() {
        Library.require();
        List<Handle> handles = new ArrayList<>();
        try {
            for (cl_platform_id platform : platforms()) {
                for (cl_device_id id : devices(platform)) {
                    handles.add(new Handle(describe(handles.size(), platform, id), id));
                }
            }
        } catch (CLException e) {
            throw new UnsupportedMachineException(
                    "an OpenCL driver of this machine fails when asked for its devices (%s): install it anew, or remove it"
                            .formatted(e.getMessage()),
                    e);
        }
        if (handles.isEmpty()) {
            throw new UnsupportedMachineException(
                    "the OpenCL drivers of this machine offer no device: see that yours is plugged in and that you may"
                            + " use it, or for the processor, on Debian or Ubuntu: apt-get install pocl-opencl-icd");
        }
        return handles;
    }

    private static cl_platform_id[] platforms() {
        int[] count = new int[1];
        try {
            clGetPlatformIDs(0, null, count);
        } catch (CLException e) { // -1001, which the loader gives where it finds no driver
            throw new UnsupportedMachineException(NO_DRIVER, e);
        }
        if (count[0] == 0) {
            throw new UnsupportedMachineException(NO_DRIVER);
        }
        cl_platform_id[] platforms = new cl_platform_id[count[0]];
        clGetPlatformIDs(platforms.length, platforms, null);
        return platforms;
    }

    private static cl_device_id[] devices(cl_platform_id platform) {
        int[] count = new int[1];
        try {
            clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, null, count);
        } catch (CLException e) {
            if (e.getStatus() == CL_DEVICE_NOT_FOUND) {
                return new cl_device_id[0];
            }
            throw e;
        }
        cl_device_id[] devices = new cl_device_id[count[0]];
        clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, devices.length, devices, null);
        return devices;
    }

    private static Device describe(int index, cl_platform_id platform, cl_device_id id) {
        long type = number(id, CL_DEVICE_TYPE);
        Device.Kind kind = (type & CL_DEVICE_TYPE_GPU) != 0
                ? Device.Kind.GPU
                : (type & CL_DEVICE_TYPE_CPU) != 0 ? Device.Kind.CPU : Device.Kind.ACCELERATOR;
        return new Device(
                index,
                text(id, CL_DEVICE_NAME),
                platformName(platform),
                text(id, CL_DEVICE_VERSION),
                text(id, CL_DRIVER_VERSION),
                kind,
                (int) number(id, CL_DEVICE_MAX_COMPUTE_UNITS),
                number(id, CL_DEVICE_GLOBAL_MEM_SIZE),
                number(id, CL_DEVICE_MAX_MEM_ALLOC_SIZE),
                number(id, CL_DEVICE_LOCAL_MEM_SIZE),
                number(id, CL_DEVICE_MAX_WORK_GROUP_SIZE));
    }

    private static long number(cl_device_id id, int parameter) {
        long[] value = new long[1]; // little-endian: a cl_uint fills its lower half
        clGetDeviceInfo(id, parameter, Long.BYTES, Pointer.to(value), null);
        return value[0];
    }

    private static String text(cl_device_id id, int parameter) {
        long[] size = new long[1];
        clGetDeviceInfo(id, parameter, 0, null, size);
        byte[] bytes = new byte[(int) size[0]];
        clGetDeviceInfo(id, parameter, bytes.length, Pointer.to(bytes), null);
        return string(bytes);
    }

    private static String platformName(cl_platform_id platform) {
        long[] size = new long[1];
        clGetPlatformInfo(platform, CL_PLATFORM_NAME, 0, null, size);
        byte[] bytes = new byte[(int) size[0]];
        clGetPlatformInfo(platform, CL_PLATFORM_NAME, bytes.length, Pointer.to(bytes), null);
        return string(bytes);
    }

    /** Without the zero at the end. */
    private static String string(byte[] bytes) {
        return new String(bytes, 0, Math.max(0, bytes.length - 1), StandardCharsets.UTF_8).strip();
    }
}
