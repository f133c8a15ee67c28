package hearth.dmodule.filesystem.operation;

import java.io.IOException;

import hearth.cf.CfService;
import hearth.cf.FileHandle;

/// Lets the fuzz targets at a D-module on memory.
public final class DmoduleDoor {
    private final TestMachine machine;

    /// A new file system.
    public DmoduleDoor() throws IOException {
        machine = new TestMachine(8_192, 512, 4 << 20);
    }

    public CfService service() {
        return machine.operations;
    }

    public FileHandle root() {
        return machine.rootHandle();
    }

    /// A consistency point, if the log wants one: the calls of one input must find room.
    public void pointIfWanted() throws IOException {
        if (machine.pointWanted) {
            machine.point();
        }
    }

    /// A death and the successor's replay.
    public void die() throws IOException {
        machine.die();
        machine.boot();
    }

    /// A consistency point, and the offline checker over what it left.
    public void check() throws IOException {
        machine.point();
        machine.check();
    }
}
