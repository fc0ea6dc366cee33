package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.UnsupportedMachineException;
import java.util.Optional;
import org.jocl.cl_device_id;

/** Opens a device whose driver does not know it; prints what the user is told. */
public final class BrokenDevice {

    private BrokenDevice() {}

    public static void main(String[] args) {
        Device device = Devices.choose(Optional.empty()).device();
        try (Context context = new Context(new Devices.Handle(device, new cl_device_id()), 1)) {
            System.out.println("opened " + context.device());
        } catch (UnsupportedMachineException e) {
            System.out.println(e.getMessage());
        }
    }
}
