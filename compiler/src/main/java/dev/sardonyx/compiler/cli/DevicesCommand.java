package dev.sardonyx.compiler.cli;

import dev.sardonyx.runtime.cli.ErrorReport;
import dev.sardonyx.runtime.cli.Table;
import dev.sardonyx.runtime.cli.Terminal;
import dev.sardonyx.runtime.opencl.Device;
import dev.sardonyx.runtime.opencl.Devices;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code sardonyx devices}. */
@Command(
        name = "devices",
        description = "Lists the OpenCL devices of this machine, for --device.",
        footer = {"Examples:", "  sardonyx devices"})
final class DevicesCommand implements Callable<Integer> {

    private final Terminal terminal;

    DevicesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Table table = new Table(">no.", "device", "kind", ">units", ">memory", ">largest buffer", "OpenCL", "driver");
        for (Device device : Devices.list()) {
            table.row(
                    device.index(),
                    device.name(),
                    device.kind().name().toLowerCase(Locale.ROOT),
                    device.computeUnits(),
                    (device.memory() >> 20) + " MiB",
                    (device.maxAllocation() >> 20) + " MiB",
                    device.version(),
                    device.driver());
        }
        table.print(terminal.out());
        return ErrorReport.OK;
    }
}
