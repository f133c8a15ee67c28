package hearth.hypervisor;

import java.io.IOException;
import java.nio.file.Path;

/// A domain 0 to be killed: starts one `TestGuest`, prints its number and the channel's first message length, waits.
/// Arguments: the guest's error log.
final class TestParent {
    private TestParent() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        ProcessDriver driver = ProcessDriver.open(TestGuests.JAVA_HOME, TestGuests.PROGRAM);
        Guest guest = driver.start(TestGuests.spec(Path.of(args[0]), 1));
        TestGuests.report(guest);
        System.out.println(guest.pid());
        System.out.flush();
        Thread.currentThread().join();
    }
}
